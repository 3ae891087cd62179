package import Accounts
import JOSE
package import RelyingParty
import Web

/// Under which names the cluster knows people.
package struct AccessSubjectMapping: Sendable {
    /// The claim that is the user's name; `email` counts only where it is verified.
    package var user: ClaimPath
    package var groups: [ClaimPath]
    /// Put in front of names, as the API server's own `--oidc-username-prefix` and `--oidc-groups-prefix`.
    package var userPrefix: String
    package var groupPrefix: String
    /// Names in lower case, with their claims.
    package var extra: [(name: String, claim: ClaimPath)]
    /// Issuers of the cluster itself: their names are the cluster's, `system:` included, and stand without a prefix.
    package var clusterIssuers: [String]

    package init(
        user: ClaimPath = ClaimPath("email"), groups: [ClaimPath] = [ClaimPath("groups")], userPrefix: String = "",
        groupPrefix: String = "", extra: [(name: String, claim: ClaimPath)] = [], clusterIssuers: [String] = []
    ) {
        self.user = user
        self.groups = groups
        self.userPrefix = userPrefix
        self.groupPrefix = groupPrefix
        self.extra = extra
        self.clusterIssuers = clusterIssuers
    }

    /// `nil` for somebody who has no name there. Names that begin with `system:` are the cluster's own: nobody else's issuer may
    /// hand them out, or its `system:masters` would be allowed everything.
    package func subject(of identity: Identity) -> AccessSubject? {
        if clusterIssuers.contains(where: { sameBytes($0, identity.issuer) }) { return account(identity) }
        guard let name = name(of: identity), !name.isEmpty else { return nil }
        let user = userPrefix + name
        guard !Self.isReserved(user) else { return nil }
        let groups = groups.flatMap { $0.value(in: identity.claims)?.stringList ?? [] }.map { groupPrefix + $0 }
        return AccessSubject(
            user: user, groups: groups.filter { !Self.isReserved($0) } + [Self.authenticated], extra: extra(of: identity))
    }

    private func name(of identity: Identity) -> String? {
        switch user.text {
        case "sub": identity.subject
        case "email": identity.emailVerified ? identity.email : nil
        default: user.value(in: identity.claims)?.string
        }
    }

    private func extra(of identity: Identity) -> [AccessSubject.Extra] {
        extra.compactMap { name, claim in
            claim.value(in: identity.claims)?.stringList.map { AccessSubject.Extra(name: name, values: $0) }
        }
    }

    // The groups that the API server itself adds when somebody authenticates there.

    private static let authenticated = "system:authenticated"
    private static let accounts = "system:serviceaccounts"

    private func account(_ identity: Identity) -> AccessSubject {
        let parts = identity.subject.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let isAccount = parts.count == 4 && parts[0] == "system" && parts[1] == "serviceaccount"
        let implied = (isAccount ? [Self.accounts, "\(Self.accounts):\(parts[2])"] : []) + [Self.authenticated]
        return AccessSubject(
            user: identity.subject, groups: identity.groups.filter { !implied.contains($0) } + implied,
            extra: extra(of: identity))
    }

    private static func isReserved(_ name: String) -> Bool { name.utf8.starts(with: "system:".utf8) }
}
