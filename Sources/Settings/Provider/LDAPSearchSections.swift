import Yams

/// `provider.connectors[].ldap.userSearch`
enum LDAPUserSection {
    static let baseDN = Key.required("baseDN", .text(), standIn: "", "Below which entry users are.")
    static let filter = Key.optional("filter", .ldapFilter(), "Which entries are users, such as `(objectClass=person)`.")
    static let username = Key.required(
        "username", .ldapAttributes(), standIn: [], "The attribute that is compared with what people type; several with commas.")
    static let scope = Key.defaulted("scope", .choice(), LDAPSettings.Scope.sub, "Everything below, or one level.")
    static let idAttr = Key.defaulted("idAttr", .ldapAttribute(), "uid", "What never changes; `DN` for the entry's name.")
    static let emailAttr = Key.defaulted("emailAttr", .ldapAttribute(), "mail", "The claim `email`.")
    static let nameAttr = Key.optional("nameAttr", .ldapAttribute(), "The claim `name`.")
    static let preferredUsernameAttr = Key.optional(
        "preferredUsernameAttr", .ldapAttribute(), "The claim `preferred_username`.")
    static let emailSuffix = Key.optional("emailSuffix", .text(), "Then the claim `email` is the name, `@`, and this.")

    static let section = Section(
        "userSearch",
        [
            baseDN.listed, filter.listed, username.listed, scope.listed, idAttr.listed, emailAttr.listed, nameAttr.listed,
            preferredUsernameAttr.listed, emailSuffix.listed,
        ]
    ) { fields in
        if fields.given(emailSuffix.name) != nil, fields.given(nameAttr.name) == nil {
            fields.reading.error("`emailSuffix` goes with `nameAttr`", "add `nameAttr`", at: fields.given(emailSuffix.name))
        }
        return LDAPSettings.UserSearch(
            baseDN: fields(baseDN), filter: fields(filter), username: fields(username), scope: fields(scope),
            idAttr: fields(idAttr), emailAttr: fields(emailAttr), nameAttr: fields(nameAttr),
            preferredUsernameAttr: fields(preferredUsernameAttr), emailSuffix: fields(emailSuffix))
    }

    static let standIn = LDAPSettings.UserSearch(
        baseDN: "", filter: nil, username: [], scope: .sub, idAttr: "uid", emailAttr: "mail", nameAttr: nil,
        preferredUsernameAttr: nil, emailSuffix: nil)
}

/// `provider.connectors[].ldap.groupSearch`
enum LDAPGroupSection {
    static let baseDN = Key.required("baseDN", .text(), standIn: "", "Below which entry groups are.")
    static let filter = Key.optional("filter", .ldapFilter(), "Which entries are groups, such as `(objectClass=groupOfNames)`.")
    static let scope = Key.defaulted("scope", .choice(), LDAPSettings.Scope.sub, "Everything below, or one level.")
    static let userMatchers = Key.defaulted(
        "userMatchers", .list(of: LDAPMatcherSection.section.shape), [], "How a group says who is in it.")
    static let userAttr = Key.optional("userAttr", .ldapAttribute(), "Dex's older form of one of `userMatchers`.")
    static let groupAttr = Key.optional("groupAttr", .ldapAttribute(), "Of the same.")
    static let nameAttr = Key.defaulted("nameAttr", .ldapAttribute(), "cn", "The name of a group.")

    static let section = Section(
        "groupSearch",
        [
            baseDN.listed, filter.listed, scope.listed, userMatchers.listed, userAttr.listed, groupAttr.listed, nameAttr.listed,
        ]
    ) { fields in
        LDAPSettings.GroupSearch(
            baseDN: fields(baseDN), filter: fields(filter), scope: fields(scope), userMatchers: matchers(fields),
            nameAttr: fields(nameAttr))
    }

    private static func matchers(_ fields: Fields) -> [LDAPSettings.UserMatcher] {
        let listed = fields(userMatchers)
        switch (fields(userAttr), fields(groupAttr)) {
        case (let user?, let group?): return listed + [.init(userAttr: user, groupAttr: group, recursionGroupAttr: nil)]
        case (nil, nil):
            if fields.given(userMatchers.name) == nil {
                fields.reading.error(
                    "`userMatchers` is missing", "add `userMatchers: [ { userAttr: DN, groupAttr: member } ]`", at: fields.node)
            }
        case (_?, nil), (nil, _?):
            fields.reading.error(
                "`userAttr` and `groupAttr` go together", "write both, or `userMatchers`",
                at: fields.given(userAttr.name) ?? fields.given(groupAttr.name))
        }
        return listed
    }
}

/// `provider.connectors[].ldap.groupSearch.userMatchers[]`
enum LDAPMatcherSection {
    static let userAttr = Key.required(
        "userAttr", .ldapAttribute(), standIn: "", "Of the user's entry; `DN` for its name.")
    static let groupAttr = Key.required(
        "groupAttr", .ldapAttribute(), standIn: "", "Of the group's entry, equal to it; `DN` where `userAttr` names the groups.")
    static let recursionGroupAttr = Key.optional(
        "recursionGroupAttr", .ldapAttribute(), "Of a group that groups are in: finds those as well.")

    static let section = Section("userMatcher", [userAttr.listed, groupAttr.listed, recursionGroupAttr.listed]) { fields in
        LDAPSettings.UserMatcher(
            userAttr: fields(userAttr), groupAttr: fields(groupAttr), recursionGroupAttr: fields(recursionGroupAttr))
    }
}

extension Shape where Value == String {
    static func ldapAttribute() -> Shape {
        token("an attribute", "letters, digits, `-`, `.`, `;` and `:`", atMost: 128, isAttributeByte)
    }

    /// A filter in parentheses that all close; the directory reads the rest.
    static func ldapFilter() -> Shape {
        .scalar(.object([("type", .text("string"))]), show: { .text($0) }) { text throws(Complaint) in
            var depth = 0
            let closesAtItsEndOnly = text.utf8.enumerated().allSatisfy { index, byte in
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                return depth > 0 || index == text.utf8.count - 1
            }
            guard text.utf8.count <= 4096, text.hasPrefix("("), text.hasSuffix(")"), closesAtItsEndOnly, depth == 0 else {
                throw Complaint("\(quoted(text)) is no filter", "write it in parentheses, like `(objectClass=person)`")
            }
            return text
        }
    }
}

extension Shape where Value == [String] {
    /// `uid`, or `uid,mail`.
    static func ldapAttributes() -> Shape {
        .scalar(.object([("type", .text("string"))]), show: { .text($0.joined(separator: ",")) }) { text throws(Complaint) in
            let names = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
            guard names.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 128 && $0.utf8.allSatisfy(isAttributeByte) }) else {
                throw Complaint("\(quoted(text)) is no list of attributes", "write it like `uid` or `uid,mail`")
            }
            return names.map(String.init)
        }
    }
}

/// Of an attribute's name or number, with options and a matching rule behind it (RFC 4512 section 2.5, RFC 4515 section 3).
private func isAttributeByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "-.;:".utf8.contains(byte) }
