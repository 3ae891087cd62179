import JOSE
import Yams

/// `provider.users[]`
enum UserSection {
    static let email = Key.required("email", emailShape, standIn: "", "The e-mail address, with which the user signs in; unique.")
    static let hash = Key.required(
        "hash", bcrypt, standIn: Secret(utf8: ""), "The password as bcrypt: `gatehouse hash-password` makes it.")
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

    private static let bcrypt = Shape<Secret>(
        schema: .object([("type", .text("string")), ("pattern", .text("^\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}$"))]),
        read: { node, reading in
            guard let text = reading.text(node) else { return nil }
            guard let cost = bcryptCost(text) else {
                return reading.refuse("the password hash is not bcrypt", "put in what `gatehouse hash-password` prints", node)
            }
            guard (8...16).contains(cost) else {
                let mend = "make a new hash with a cost of 8 to 16; 10 is usual"
                return reading.refuse("the password hash has the bcrypt cost \(cost)", mend, node)
            }
            return Secret(utf8: text)
        },
        show: { _ in nil })

    /// The cost of a well-formed hash: `$2b$10$` and 53 characters of bcrypt's base64.
    private static func bcryptCost(_ text: String) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(where: { $0.utf8.elementsEqual(parts[1]) }),
            parts[2].count == 2, parts[2].allSatisfy({ (0x30...0x39).contains($0) }),
            parts[3].count == 53, parts[3].allSatisfy({ isAlphanumeric($0) || "./".utf8.contains($0) })
        else { return nil }
        return Int(String(decoding: parts[2], as: UTF8.self))
    }
}
