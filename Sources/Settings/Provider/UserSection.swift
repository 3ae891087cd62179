import JOSE
import Yams

/// `provider.users[]`
enum UserSection {
    static let email = Key.required("email", emailShape, standIn: "", "The e-mail address, with which the user signs in; unique.")
    static let hash = Key.required(
        "hash", PasswordHashText.shape, standIn: Secret(utf8: ""),
        "The password as bcrypt or Argon2id: `gatehouse hash-password` makes it.")
    static let name = Key.optional("name", .text(), "The claim `name`; the user name when missing.")
    static let username = Key.optional(
        "username", .text(), "The claim `preferred_username`; what is before the `@` when missing.")
    static let userID = Key.optional("userID", .text(), "Never changes, unique; the e-mail address when missing.")
    static let groups = Key.defaulted("groups", .list(of: group), [], "The claim `groups`.")

    static let section = Section(
        "user", [email.listed, hash.listed, name.listed, username.listed, userID.listed, groups.listed]
    ) { fields in
        let email = fields(email)
        let username = fields(username) ?? String(email.prefix { $0 != "@" })
        return UserSettings(
            email: email, hash: fields(hash), name: fields(name) ?? username, username: username,
            userID: fields(userID) ?? email, groups: fields(groups))
    }

    private static let emailShape = Shape<String>.text().then { text, node, reading -> String? in
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, text.utf8.count <= 254, !text.contains(where: { $0.isWhitespace }),
            HostName.parse(parts[1]) != nil
        else { return reading.refuse("\(quoted(text)) is not an e-mail address", "write it like `name@example.com`", node) }
        return text
    }

    /// Groups reach applications in one header, joined with commas.
    private static let group = Shape<String>.text().then { text, node, reading -> String? in
        text.contains(",")
            ? reading.refuse("the group \(quoted(text)) has a comma", "groups are joined with commas: rename it", node) : text
    }
}
