import JOSE
package import OpenIDProvider
package import RelyingParty
import Web

/// People of a GitLab: the options of Dex's connector, under its names.
package struct GitLabProfile: UpstreamProfile {
    /// `https://gitlab.com`, or where another one is; without `/` at its end.
    package var baseURL: String
    /// Whoever is in none of them is not taken; empty: everybody is.
    package var groups: [String] = []
    package var useLoginAsID = false
    /// Whether `group:owner`, `group:maintainer` and `group:developer` are groups as well.
    package var getGroupsPermission = false

    package init(baseURL: String) { self.baseURL = baseURL }

    /// `openid` opens the endpoint that tells groups.
    package func scopes(for request: UpstreamRequest) -> [String] { ["read_user", "openid"] }

    package func user(_ token: APIToken, wantsGroups: Bool) async -> ProfileOutcome {
        await token.ask { (api) throws(APITrouble) in
            let members = try await api.get("\(baseURL)/api/v4/user").json.object
            guard let members, let number = members["id"]?.integer, let login = members["username"]?.string, !login.isEmpty else {
                throw .notUnderstood("the user has no id or username")
            }
            // Blocked, deactivated, banned.
            guard members["state"]?.string == "active" else {
                throw .refused(UpstreamRefusal(.notAdmitted, "the account is not active"))
            }
            let address = try email(members)
            let name = members["name"]?.string ?? ""
            return ConnectorUser(
                id: useLoginAsID ? login : String(number),
                claims: JSONObject([
                    ("email", .string(address)), ("email_verified", true), ("name", .string(name.isEmpty ? address : name)),
                    ("preferred_username", .string(login)), ("groups", .strings(try await names(api))),
                ]))
        }
    }

    package func holder(of token: APIToken, client: OAuthClient) async throws(APITrouble) -> TokenHolder {
        let told = try await token.api.get("\(baseURL)/oauth/token/info").json.object
        // People's personal access tokens are of no application.
        guard let application = told?["application"]?.object else { return .another }
        return sameBytes(application["uid"]?.string ?? "", client.clientID) ? .ours : .another
    }

    private func email(_ user: JSONObject) throws(APITrouble) -> String {
        guard let address = user["email"]?.string, !address.isEmpty else {
            throw .refused(UpstreamRefusal(.email, "there is no e-mail address"))
        }
        // Older ones do not say when an address was confirmed.
        guard user["confirmed_at"] != .null else {
            throw .refused(UpstreamRefusal(.email, "the e-mail address is not verified"))
        }
        return address
    }

    private func names(_ api: UpstreamAPI) async throws(APITrouble) -> [String] {
        guard let claims = try await api.get("\(baseURL)/oauth/userinfo").json.object else {
            throw .notUnderstood("the userinfo is no JSON object")
        }
        let own = claims["groups"]?.stringList ?? []
        let counting = groups.isEmpty ? own : own.filter { group in groups.contains { sameBytes($0, group) } }
        guard groups.isEmpty || !counting.isEmpty else {
            throw .refused(UpstreamRefusal(.notAdmitted, "in none of the groups"))
        }
        guard getGroupsPermission else { return counting }
        return counting.flatMap { group in [group] + Self.permissions(of: group, claims).map { "\(group):\($0)" } }
    }

    private static func permissions(of group: String, _ claims: JSONObject) -> [String] {
        ["owner", "maintainer", "developer"].filter { permission in
            claims["https://gitlab.org/claims/groups/\(permission)"]?.stringList?.contains { sameBytes($0, group) } ?? false
        }
    }
}
