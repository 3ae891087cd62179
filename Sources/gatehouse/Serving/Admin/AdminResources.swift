import Accounts
import AuthService
import OpenIDProvider
import Settings
import Web

extension Server {
    /// What the administration of the provider is about, by the first segment of its path below `/api`; nothing where this process is
    /// no provider.
    func adminResources(
        _ provider: Provider?, _ sessions: Sessions?, _ tokens: PersonalTokens?, _ audit: AuditLog
    ) -> [String: @Sendable (AdminRequest) async -> WebResponse] {
        guard let provider, let settings = configuration.provider else { return [:] }
        let issuer = settings.issuer.text
        let users = UserAdministration(
            accounts: provider.users, fixed: settings.users, secondFactors: provider.secondFactors,
            endElsewhere: { subject in await Self.end(issuer, subject, sessions, tokens) }, audit: audit)
        let clients = ClientAdministration(fixed: configuration.providerClients, accounts: provider.clients, audit: audit)
        let connectors = ConnectorAdministration(settings: settings, provider: provider, audit: audit)
        let grants = GrantListing(grants: provider.grants)
        let sso = SSOListing(sso: provider.sso)
        return [
            "users": { await users.answer($0) }, "clients": { await clients.answer($0) },
            "connectors": { await connectors.answer($0) },
            "grants": { await grants.answer($0) }, "sso-sessions": { await sso.answer($0) },
        ]
    }

    /// Somebody's sessions at the auth service, and their personal tokens. The provider tells it of the sign-out as well: what fails
    /// here ends a little later.
    private static func end(_ issuer: String, _ subject: String, _ sessions: Sessions?, _ tokens: PersonalTokens?) async {
        _ = try? await sessions?.endAll(.user(issuer: issuer, subject: subject))
        let owned = try? await tokens?.list(.owner(issuer: issuer, subject: subject), limit: .max)
        for token in owned ?? [] { _ = try? await tokens?.revoke(token) }
    }
}
