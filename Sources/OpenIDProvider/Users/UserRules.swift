/// What may stand in the fields of a user. Each answers what is wrong, in words for an administrator.
package enum UserRules {
    package static func problem(email: String) -> String? {
        let parts = email.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        let isPlain = parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
        return isPlain && email.utf8.count <= 254 && isOneLine(email) && !email.utf8.contains(UInt8(ascii: " "))
            ? nil : "`email` is not an address such as `name@example.com`"
    }

    /// Without an `@`: no user name is somebody else's address.
    package static func problem(username: String) -> String? {
        (1...64).contains(username.utf8.count) && isOneLine(username) && !username.utf8.contains(UInt8(ascii: "@"))
            ? nil : "`username` is not 1 to 64 bytes on one line without `@`"
    }

    package static func problem(name: String) -> String? {
        (1...256).contains(name.utf8.count) && isOneLine(name) ? nil : "`name` is not 1 to 256 bytes on one line"
    }

    /// Groups reach applications in one header, joined with commas.
    package static func problem(groups: [String]) -> String? {
        let isFine =
            groups.count <= 200
            && groups.allSatisfy { group in
                (1...256).contains(group.utf8.count) && isOneLine(group) && !group.utf8.contains(UInt8(ascii: ","))
            }
        return isFine ? nil : "`groups` are not up to 200 names of 1 to 256 bytes on one line, without commas"
    }

    private static func isOneLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0.value != 0x2028 && $0.value != 0x2029 }
    }
}
