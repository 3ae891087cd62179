import JOSE
package import OpenIDProvider
import Web

/// People of GitHub or GitHub Enterprise: the options of Dex's connector, under its names.
package struct GitHubProfile: UpstreamProfile {
    /// Whose members are taken.
    package struct Organization: Sendable {
        package var name: String
        /// One of them has to be the person's; empty: any member will do.
        package var teams: [String]

        package init(name: String, teams: [String]) {
            self.name = name
            self.teams = teams
        }
    }

    package enum TeamNameField: String, Sendable {
        case name, slug, both
    }

    /// `https://api.github.com`, or `https://<host>/api/v3`.
    package var apiURL: String
    /// Empty: everybody is taken.
    package var orgs: [Organization] = []
    /// Whether all organisations and teams are groups, where `orgs` is empty.
    package var loadAllGroups = false
    package var teamNameField = TeamNameField.name
    package var useLoginAsID = false
    /// GitHub Enterprise does not verify addresses: its operator hands them out.
    package var isEnterprise = false

    package init(apiURL: String) { self.apiURL = apiURL }

    package func scopes(for request: UpstreamRequest) -> [String] {
        ["user:email"] + (orgs.isEmpty && !loadAllGroups ? [] : ["read:org"])
    }

    package func user(_ token: APIToken, wantsGroups: Bool) async -> ProfileOutcome {
        await token.ask { (api) throws(APITrouble) in
            var api = api
            api.accept = "application/vnd.github+json"
            let members = try await api.get("\(apiURL)/user").json.object
            guard let members, let login = members["login"]?.string, !login.isEmpty, let number = members["id"]?.integer else {
                throw .notUnderstood("the user has no id or login")
            }
            var told = JSONObject([
                ("email", .string(try await email(members, api))), ("email_verified", true),
                ("name", .string(Self.text(members["name"]) ?? login)), ("preferred_username", .string(login)),
            ])
            told["groups"] = .strings(try await GitHubGroups(profile: self, api: api).names())
            return ConnectorUser(id: useLoginAsID ? login : String(number), claims: told)
        }
    }

    /// The public address, or else the primary one that is verified: what somebody keeps private is in no profile.
    private func email(_ user: JSONObject, _ api: UpstreamAPI) async throws(APITrouble) -> String {
        if let address = Self.text(user["email"]) { return address }
        let all = try await addresses(api).compactMap(\.object)
        let primary = all.first { $0["primary"] == true && ($0["verified"] == true || isEnterprise) }
        guard let address = primary.flatMap({ Self.text($0["email"]) }) else {
            throw .refused(UpstreamRefusal(.email, "there is no primary e-mail address that is verified"))
        }
        return address
    }

    private func addresses(_ api: UpstreamAPI) async throws(APITrouble) -> [JSONValue] {
        do throws(APITrouble) { return try await api.list("\(apiURL)/user/emails?per_page=100", below: apiURL) } catch {
            // Without the scope user:email.
            if case .hidden = error { return [] }
            throw error
        }
    }

    private static func text(_ value: JSONValue?) -> String? { value?.string.flatMap { $0.isEmpty ? nil : $0 } }
}
