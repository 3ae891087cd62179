import Manifests

/// `staticPasswords`
enum DexUsers {
    static func read(_ dex: ForeignValue, _ variables: (String) -> String?) -> YAMLValue {
        let isOn = dex.flag("enablePasswordDB")
        guard let list = dex.take("staticPasswords") else {
            if isOn {
                dex.report.say(
                    .lost, "enablePasswordDB",
                    "users made through Dex's gRPC API: `storedUsers: {}` and `gatehouse users` have ours")
            }
            return []
        }
        guard isOn else {
            list.say(.note, "not in use there, since `enablePasswordDB` is not set: left out")
            return []
        }
        return .list(list.items.compactMap { user($0, variables) })
    }

    private static func user(_ user: ForeignValue, _ variables: (String) -> String?) -> YAMLValue? {
        guard let email = user.text("email") else {
            user.say(.lost, "the user has no `email`")
            return nil
        }
        // Dex tells its `username` as the claim `name`, and preferred_username only where it is said.
        let (username, name) = (user.text("username"), user.text("name"))
        let preferred = user.text("preferredUsername") ?? username
        user.leave("emailVerified", .note, "addresses in the file count as verified")
        let groups = user.texts("groups")
        let result = entries(
            ("email", .string(email)), ("hash", hash(user)), ("name", (name ?? username).map { .string($0) }),
            ("username", preferred.map { .string($0) }), ("userID", user.text("userID").map { .string($0) }),
            ("groups", groups.isEmpty ? nil : .strings(groups)))
        user.leaveRest()
        return result
    }

    private static func hash(_ user: ForeignValue) -> YAMLValue? {
        if let variable = user.text("hashFromEnv") { return entries(("env", .string(variable))) }
        guard let value = user.take("hash"), let text = value.text else {
            user.say(.todo, "the user has no `hash`: make one with `gatehouse hash-password`")
            return nil
        }
        return ForeignText.variable(text).flatMap { isHash(text) ? nil : entries(("env", .string($0))) } ?? .string(text)
    }

    private static func isHash(_ text: String) -> Bool { text.hasPrefix("$2") || text.hasPrefix("$argon2") }
}
