package import Accounts
package import JOSE
import RelyingParty

/// Which claims of an issuer's tokens say who somebody is.
package struct IdentityMapping: Sendable {
    /// The claim that becomes `sub`.
    package var user: ClaimPath
    package var email: ClaimPath
    /// Their names together become `groups`.
    package var groups: [ClaimPath]
    /// Put in front of the user and of each group, so that one issuer's names are not another's.
    package var userPrefix: String
    package var groupPrefix: String

    package init(
        user: ClaimPath = ClaimPath("sub"), email: ClaimPath = ClaimPath("email"), groups: [ClaimPath] = [ClaimPath("groups")],
        userPrefix: String = "",
        groupPrefix: String = ""
    ) {
        self.user = user
        self.email = email
        self.groups = groups
        self.userPrefix = userPrefix
        self.groupPrefix = groupPrefix
    }

    /// The identity that `claims` speak of; `nil` where they name no user in 1 to 255 bytes without control characters.
    package func identity(issuer: String, claims: JSONObject) -> Identity? {
        guard let name = user.value(in: claims)?.string, Self.isName(name) else { return nil }
        var person = claims.aboutThePerson
        if email != ClaimPath("email") {
            // `email_verified` speaks of the claim `email`, not of what stands in its place.
            person["email_verified"] = nil
            person["email"] = email.value(in: claims)?.string.map { .string($0) }
        }
        let names = groups.flatMap { $0.value(in: claims)?.stringList ?? [] }
        person["groups"] = names.isEmpty ? nil : .strings(names.map { groupPrefix + $0 })
        return Identity(issuer: issuer, subject: userPrefix + name, claims: person)
    }

    private static func isName(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
