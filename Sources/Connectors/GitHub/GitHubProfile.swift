import JOSE
package import OpenIDProvider
package import RelyingParty
import Web

/// People of GitHub or GitHub Enterprise: the options of Dex's connector, under its names.
package struct GitHubProfile: UpstreamProfile {
    /// Whose members are taken.
    package struct Organization: Sendable {
        package var name: String
        /// One of them has to be the person's; empty: any member will do.
        package var teams: [String]
        /// Whether teams are groups by their own name alone: Dex's older `org`.
        package var isNameless: Bool

        package init(name: String, teams: [String], isNameless: Bool = false) {
            self.name = name
            self.teams = teams
            self.isNameless = isNameless
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
    /// Whose address is taken where somebody has several; a label may be `*`.
    package var preferredEmailDomain: String?
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

    /// GitHub tells an app whether a token is one of its own, and of others nothing.
    package func holder(of token: APIToken, client: OAuthClient) async throws(APITrouble) -> TokenHolder {
        guard let authorization = client.authorization else { return .untold }
        var api = token.api
        api.accept = "application/vnd.github+json"
        api.clientAuthorization = authorization
        let url = "\(apiURL)/applications/\(PercentEncoding.encode(client.clientID))/token"
        let told: JSONObject?
        do throws(APITrouble) {
            told = try await api.post(url, .object(JSONObject([("access_token", .string(token.token.text))]))).json.object
        } catch {
            if case .tokenRefused = error { throw .notUnderstood("the API does not accept our client's secret") }
            throw error
        }
        return sameBytes(told?["app"]?.object?["client_id"]?.string ?? "", client.clientID) ? .ours : .another
    }

    /// The verified one of the preferred domain; the public address, or else the primary one that is verified: what somebody keeps
    /// private is in no profile.
    private func email(_ user: JSONObject, _ api: UpstreamAPI) async throws(APITrouble) -> String {
        let shown = Self.text(user["email"])
        if let shown, isPreferred(shown) { return shown }
        let all = try await addresses(api).compactMap(\.object).filter { $0["verified"] == true || isEnterprise }
        if preferredEmailDomain != nil,
            let preferred = all.compactMap({ Self.text($0["email"]) }).first(where: isPreferred)
        {
            return preferred
        }
        guard let address = shown ?? all.first(where: { $0["primary"] == true }).flatMap({ Self.text($0["email"]) }) else {
            throw .refused(UpstreamRefusal(.email, "there is no primary e-mail address that is verified"))
        }
        return address
    }

    /// Whether there is none better: no domain is preferred, or it is of that one.
    private func isPreferred(_ address: String) -> Bool {
        guard let preferred = preferredEmailDomain else { return true }
        guard let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let labels = Self.labels(address[address.utf8.index(after: at)...])
        let wanted = Self.labels(preferred[...])
        return labels.count == wanted.count
            && zip(labels, wanted).allSatisfy { sameBytes($1, "*") || sameBytes($0, $1) }
    }

    private static func labels(_ domain: Substring) -> [String] {
        domain.lowercased().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
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
