package import JOSE
package import OpenIDProvider
import Web

/// Which claims of an OpenID provider make a user: the options of Dex's connector, under its names.
package struct UpstreamClaims: Sendable {
    package var userIDKey = "sub"
    package var userNameKey = "name"
    package var preferredUsernameKey = "preferred_username"
    package var emailKey = "email"
    package var groupsKey = "groups"
    /// Whether the three above count even where the claims of the standard names are there.
    package var overridesClaims = false
    /// Whether an address counts that the provider does not vouch for.
    package var skipsEmailVerification = false
    /// Whether groups are taken at all.
    package var takesGroups = false
    /// Whoever is in none of them is not taken; empty: everybody is.
    package var allowedGroups: [String] = []
    package var modifications = GroupModifications()
    /// What `hd` may be; empty: anything.
    package var hostedDomains: [String] = []
    /// Whether there has to be an address: where it was asked for.
    package var requiresEmail = true

    package init() {}

    /// - Parameter claims: of the ID token and, where it is asked, the userinfo endpoint.
    package func user(subject: String, claims: JSONObject) throws(UpstreamRefusal) -> ConnectorUser {
        guard let id = sameBytes(userIDKey, "sub") ? subject : Self.identifier(claims[userIDKey]) else {
            throw UpstreamRefusal(.reply, "the claim that userIDKey names is missing")
        }
        guard hostedDomains.isEmpty || isOfHostedDomain(claims) else {
            throw UpstreamRefusal(.notAdmitted, "not of one of the hosted domains")
        }
        var told = JSONObject()
        if let address = try email(claims) {
            told["email"] = .string(address)
            told["email_verified"] = true
        }
        told["name"] = Self.text(claims[userNameKey])
        told["preferred_username"] = Self.text(mapped("preferred_username", preferredUsernameKey, claims))
        let groups = (takesGroups ? try groups(claims) : []) + modifications.newGroups(claims)
        if takesGroups || !groups.isEmpty { told["groups"] = .strings(groups) }
        return ConnectorUser(id: id, claims: told)
    }

    private func isOfHostedDomain(_ claims: JSONObject) -> Bool {
        guard let domain = claims["hd"]?.string else { return false }
        return hostedDomains.contains { sameBytes($0, domain) }
    }

    private func email(_ claims: JSONObject) throws(UpstreamRefusal) -> String? {
        guard let address = mapped("email", emailKey, claims)?.string, !address.isEmpty else {
            guard requiresEmail else { return nil }
            throw UpstreamRefusal(.email, "there is no e-mail address")
        }
        // Some providers write the word.
        let isVerified = claims["email_verified"] == true || claims["email_verified"] == "true"
        guard isVerified || skipsEmailVerification else {
            throw UpstreamRefusal(.email, "the e-mail address is not verified")
        }
        return address
    }

    private func groups(_ claims: JSONObject) throws(UpstreamRefusal) -> [String] {
        let groups = modifications.changed(mapped("groups", groupsKey, claims)?.stringList ?? [])
        guard allowedGroups.isEmpty || groups.contains(where: { group in allowedGroups.contains { sameBytes($0, group) } }) else {
            throw UpstreamRefusal(.notAdmitted, "in none of the allowed groups")
        }
        return groups
    }

    private func mapped(_ standard: String, _ key: String, _ claims: JSONObject) -> JSONValue? {
        overridesClaims ? claims[key] : claims[standard] ?? claims[key]
    }

    private static func text(_ value: JSONValue?) -> JSONValue? { value?.string.flatMap { $0.isEmpty ? nil : .string($0) } }

    /// A text that is not empty, or a whole number.
    static func identifier(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)? where (1...1024).contains(text.utf8.count): text
        case .integer(let number)?: String(number)
        case .string?, .number?, .bool?, .null?, .array?, .object?, nil: nil
        }
    }
}
