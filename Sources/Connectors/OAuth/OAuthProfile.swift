import JOSE
import OpenIDProvider
import Web

/// Any OAuth 2.0 server with a URL that says who somebody is: the options of Dex's `oauth` connector, under its names.
package struct OAuthProfile: UpstreamProfile {
    package var userInfoURL: String
    package var userIDKey = "id"
    package var userNameKey = "user_name"
    package var preferredUsernameKey = "preferred_username"
    package var groupsKey = "groups"
    package var emailKey = "email"
    package var emailVerifiedKey = "email_verified"
    /// Whether an address counts that the server does not vouch for.
    package var skipsEmailVerification = false

    package init(userInfoURL: String) { self.userInfoURL = userInfoURL }

    package func user(_ token: APIToken, wantsGroups: Bool) async -> ProfileOutcome {
        await token.ask { (api) throws(APITrouble) in
            guard let members = try await api.get(userInfoURL).json.object else {
                throw .notUnderstood("the user is no JSON object")
            }
            return try user(members)
        }
    }

    func user(_ members: JSONObject) throws(APITrouble) -> ConnectorUser {
        guard let id = UpstreamClaims.identifier(members[userIDKey]) else {
            throw .refused(UpstreamRefusal(.reply, "what userIDKey names is missing"))
        }
        var told = JSONObject()
        if let address = members[emailKey]?.string, !address.isEmpty {
            guard members[emailVerifiedKey] == true || skipsEmailVerification else {
                throw .refused(UpstreamRefusal(.email, "the e-mail address is not verified"))
            }
            told["email"] = .string(address)
            told["email_verified"] = true
        }
        told["name"] = members[userNameKey]?.string.map { .string($0) }
        told["preferred_username"] = members[preferredUsernameKey]?.string.map { .string($0) }
        told["groups"] = .strings(members[groupsKey]?.stringList ?? [])
        return ConnectorUser(id: id, claims: told)
    }
}
