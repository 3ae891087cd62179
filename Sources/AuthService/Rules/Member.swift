import Accounts

/// A person as rules look at them: names as bytes, since é in one spelling is another name than in the other.
struct Member: Sendable {
    let identity: Identity
    let subject: [UInt8]
    /// One that reads as an e-mail address is none: at many providers people choose it, and could choose somebody's address.
    let username: [UInt8]?
    /// Verified, in lower case. One that nobody has verified is a text that its owner chose: never a reason to let somebody in.
    let address: [UInt8]?
    let groups: Set<[UInt8]>

    init(_ identity: Identity) {
        self.identity = identity
        subject = Array(identity.subject.utf8)
        username = identity.preferredUsername.flatMap { $0.utf8.contains(UInt8(ascii: "@")) ? nil : Array($0.utf8) }
        address = identity.emailVerified ? identity.email.map { Array($0.lowercased().utf8) } : nil
        groups = Set(identity.groups.map { Array($0.utf8) })
    }

    /// From the `@` on.
    var mailDomain: ArraySlice<UInt8>? {
        guard let address, let at = address.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        return address[at...]
    }

    /// Looks through the smaller of the two.
    func isInOne(of others: Set<[UInt8]>) -> Bool {
        groups.count < others.count ? groups.contains { others.contains($0) } : others.contains { groups.contains($0) }
    }
}
