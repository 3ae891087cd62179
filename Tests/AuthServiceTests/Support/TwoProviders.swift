import AuthService
import JOSE
import RelyingParty
import Testing
import Web

/// The auth service with two providers, `corp` and `partner`.
struct TwoProviders {
    static let partnerIssuer = "https://partner.example"

    let harness: Harness
    let partner: ScriptedProvider

    init(
        ownCallbacks: Bool = false, partnerHosts: [HostPattern] = [], adjust: (inout AuthServiceParts) -> Void = { _ in }
    ) throws {
        var partner: ScriptedProvider?
        harness = try Harness(parts: { parts, clock in
            let provider = try ScriptedProvider(clock: clock, issuer: Self.partnerIssuer)
            partner = provider
            let client = ProviderClient(
                id: "partner", issuer: Self.partnerIssuer, clientID: "gatehouse", clientSecret: Secret(utf8: "partner-secret"))
            var entry = SignInProvider(
                id: "partner", client: RelyingParty(client: client, exchange: provider, clock: clock), name: "Partner <b>",
                hasOwnCallback: ownCallbacks)
            entry.hosts = partnerHosts
            if ownCallbacks, let corp = parts.providers.first {
                parts.providers = [SignInProvider(id: corp.id, client: corp.client, hasOwnCallback: true)]
            }
            parts.providers.append(entry)
            adjust(&parts)
        })
        self.partner = try #require(partner)
    }

    /// Where a sign-in at one provider begins.
    func away(to provider: String, _ browser: inout Browser, target: String = "/page") async throws -> Redirection {
        let query = QueryString([("rd", target), ("provider", provider)]).encoded
        let away = try #require(await harness.decide("/_gatehouse/sign-in?\(query)", browser).redirection)
        browser.take(away.cookies)
        return away
    }
}
