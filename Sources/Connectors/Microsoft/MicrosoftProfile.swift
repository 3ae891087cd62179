import JOSE
package import OpenIDProvider
package import RelyingParty
import Web

/// People of Microsoft's directory: the options of Dex's connector, under its names. Microsoft Graph is asked.
package struct MicrosoftProfile: UpstreamProfile {
    package enum GroupNameFormat: String, Sendable {
        case id, name
    }

    package enum PreferredUsernameField: Sendable {
        case name, email, mailNickname, onPremisesSamAccountName
    }

    /// `https://graph.microsoft.com`; other clouds have others.
    package var graphURL: String
    package var tenant: String
    /// Whoever is in none of them is not taken; empty: everybody is.
    package var groups: [String] = []
    package var onlySecurityGroups = false
    package var groupNameFormat = GroupNameFormat.name
    /// Whether only those of `groups` are told.
    package var useGroupsAsWhitelist = false
    package var emailToLowercase = false
    package var domainHint: String?
    package var userScopes = ["user.read"]
    /// `nil`: the user principal name.
    package var preferredUsernameField: PreferredUsernameField?

    package init(graphURL: String, tenant: String) {
        self.graphURL = graphURL
        self.tenant = tenant
    }

    /// Personal accounts have no groups.
    private func needsGroups(_ wantsGroups: Bool) -> Bool {
        (!groups.isEmpty || wantsGroups) && !["common", "consumers", "organizations"].contains(tenant)
    }

    package func scopes(for request: UpstreamRequest) -> [String] {
        userScopes + (needsGroups(request.wantsGroups) ? ["directory.read.all"] : [])
            + (request.isOffline ? ["offline_access"] : [])
    }

    package func parameters(for request: UpstreamRequest) -> [(name: String, value: String)] {
        domainHint.map { [(name: "domain_hint", value: $0)] } ?? []
    }

    package func user(_ token: APIToken, wantsGroups: Bool) async -> ProfileOutcome {
        await token.ask { (api) throws(APITrouble) in
            let url = "\(graphURL)/v1.0/me?$select=id,displayName,userPrincipalName,mailNickname,onPremisesSamAccountName"
            let members = try await api.get(url).json.object
            guard let members, let id = members["id"]?.string, !id.isEmpty else { throw .notUnderstood("the user has no id") }
            // Its domain is one that the tenant has proved to be its own, unlike that of `mail`.
            guard let name = members["userPrincipalName"]?.string, !name.isEmpty else {
                throw .refused(UpstreamRefusal(.email, "there is no user principal name"))
            }
            let email = emailToLowercase ? name.lowercased() : name
            var told = JSONObject([("email", .string(email)), ("email_verified", true)])
            told["preferred_username"] = preferredUsername(members, name, email).map { .string($0) }
            told["name"] = members["displayName"]?.string.map { .string($0) }
            if needsGroups(wantsGroups) {
                told["groups"] = .strings(try await MicrosoftGroups(profile: self, api: api).names())
            }
            return ConnectorUser(id: id, claims: told)
        }
    }

    package func holder(of token: APIToken, client: OAuthClient) async throws(APITrouble) -> TokenHolder {
        guard let told = MicrosoftToken(token.token) else { return .untold }
        return told.isHeld(by: client.clientID) ? .ours : .another
    }

    package func objection(to token: APIToken) -> UpstreamRefusal? {
        guard let told = MicrosoftToken(token.token) else {
            // Of a personal account, which belongs to no tenant.
            let takesPersonal = ["common", "consumers"].contains { sameBytes($0, tenant.lowercased()) }
            return takesPersonal ? nil : UpstreamRefusal(.reply, "tid: the token does not say of which tenant it is")
        }
        return told.isOf(tenant: tenant) ? nil : UpstreamRefusal(.notAdmitted, "tid: not the id of the tenant")
    }

    private func preferredUsername(_ members: JSONObject, _ principalName: String, _ email: String) -> String? {
        switch preferredUsernameField {
        case nil: principalName
        case .email: email
        case .name: members["displayName"]?.string
        case .mailNickname: members["mailNickname"]?.string
        case .onPremisesSamAccountName: members["onPremisesSamAccountName"]?.string
        }
    }
}
