/// One user, or everybody of a mail domain.
package enum UserPattern: Sendable {
    /// The subject, the user name (without `@`), or the verified e-mail address (its letters' case does not count).
    case exact(String)
    /// `*@example.com`, held as `@example.com` in lower case: verified addresses of exactly this domain.
    case mailDomain(suffix: String)
}

/// The users of a rule, found at once however many there are.
struct UserSet: Sendable {
    private var names: Set<[UInt8]> = []
    private var addresses: Set<[UInt8]> = []
    private var mailDomains: Set<ArraySlice<UInt8>> = []

    init(_ patterns: [UserPattern]) {
        for pattern in patterns {
            switch pattern {
            case .exact(let name) where TenantTemplate(name) == nil:
                names.insert(Array(name.utf8))
                addresses.insert(Array(name.lowercased().utf8))
            // Not the name of anybody.
            case .exact: break
            case .mailDomain(let suffix): mailDomains.insert(Array(suffix.utf8)[...])
            }
        }
    }

    func contains(_ member: Member) -> Bool {
        names.contains(member.subject) || (member.username.map { names.contains($0) } ?? false)
            || (member.address.map { addresses.contains($0) } ?? false)
            || (member.mailDomain.map { mailDomains.contains($0) } ?? false)
    }
}
