import JOSE
import OpenIDConnect
import Web

/// Something that the person at the browser has to do before the client gets a code.
enum Interaction: Sendable, Equatable {
    case login
    case selectAccount
    case secondFactor
    case consent
}

/// One reason for an interaction.
struct InteractionCheck: Sendable {
    let name: String
    let section: String
    let interaction: Interaction
    /// What the client is told that wants none (`prompt=none`, OpenID Connect Core §3.1.2.6).
    let error: OAuthError.Code
    let isDue: @Sendable (InteractionFacts) -> Bool

    init(
        _ name: String, _ section: String, _ interaction: Interaction, _ error: OAuthError.Code,
        when isDue: @escaping @Sendable (InteractionFacts) -> Bool
    ) {
        self.name = name
        self.section = section
        self.interaction = interaction
        self.error = error
        self.isDue = isDue
    }
}

/// One thing that a sign-in for the request must have brought; nothing more can be done about it.
struct OutcomeCheck: Sendable {
    let name: String
    let section: String
    let refusal: @Sendable (InteractionFacts) -> OAuthError?

    init(
        _ name: String, _ section: String, _ code: OAuthError.Code, _ description: String,
        unless isFulfilled: @escaping @Sendable (InteractionFacts) -> Bool
    ) {
        self.name = name
        self.section = section
        refusal = { isFulfilled($0) ? nil : OAuthError(code, description) }
    }
}

/// What the interactions are decided on.
struct InteractionFacts: Sendable {
    let request: AuthorizationRequest
    let client: Client
    /// Who is signed in in the browser, by a connector that counts; used last comes first.
    let accounts: [SSOAccount]
    /// Whether there is a connector that counts.
    let hasConnectors: Bool
    /// What the operator says about second factors.
    let secondFactors: SecondFactorSettings
    /// Whether the account signs in elsewhere.
    var isOfUpstream = false
    /// What is left to do about the account's second factor.
    var secondFactor = SecondFactorStanding.notDue
    /// Whether a device waits for it: people are asked when they come back from here (RFC 8628 §5.4), each time.
    let isOfDevice: Bool
    /// What the account has allowed the client before.
    var consent: ConsentRecord?
    let now: UnixTime

    var demand: AuthenticationDemand { request.demand }
    var progress: AuthorizationProgress { request.progress }

    /// The accounts that may be meant: the chosen one, those that the hints fit, or all.
    var candidates: [SSOAccount] {
        let meant = accounts.filter { account in demand.subject.map { sameBytes($0, account.subject) } ?? true }
        if let chosen = progress.accountID { return meant.filter { sameBytes($0.id, chosen) } }
        guard demand.subject == nil, let hint = demand.loginHint else { return meant }
        return meant.filter { $0.isKnown(as: hint) }
    }

    /// The one that is meant; `nil` where that is not certain.
    var account: SSOAccount? { candidates.count == 1 ? candidates.first : nil }

    /// Who gave their credentials for this request.
    var signedIn: SSOAccount? {
        guard progress.isAuthenticated, let id = progress.accountID else { return nil }
        return accounts.first { sameBytes($0.id, id) }
    }

    /// `max_age=0` is `prompt=login`.
    var isRecentEnough: Bool {
        guard let maxAge = demand.maxAge, !progress.isAuthenticated, let account else { return true }
        return maxAge > 0 && now.since(account.authTime) <= maxAge
    }

    /// Whether signing in again could be of a class that is asked for, and this is not. Where a second factor is, that is asked for
    /// by itself, unless an upstream may ask for one.
    var couldBeStronger: Bool {
        guard let account, !demand.acrValues.isEmpty, !progress.isAuthenticated, !isOfClassAskedFor(account) else { return false }
        if demand.acrValues.contains(where: secondFactors.isOfSecondFactor), !isOfUpstream { return false }
        return demand.isACREssential || demand.acrValues.contains { Authentication.classes(secondFactors).contains($0) }
    }

    func isOfClassAskedFor(_ account: SSOAccount) -> Bool {
        account.classes(secondFactors).contains { own in demand.acrValues.contains { sameBytes($0, own) } }
    }

    /// Whether any program on the person's machine could be behind the client id, and nobody has acted for this request yet.
    var isClientUnsure: Bool {
        !isOfDevice && client.isPublic && client.skipsConsent == nil && !progress.isAuthenticated && !progress.hasConsented
            && RedirectURI.isOfAnyProgram(request.redirectURI)
    }

    var isAllowed: Bool {
        isOfDevice || (client.skipsConsent ?? true) || progress.hasConsented
            || consent.map { request.consentScope.isSubset(of: $0.scope) } ?? false
    }
}

extension SSOAccount {
    /// Whether a `login_hint` means this account: what was typed at the sign-in, the e-mail address, the user name, or `sub`.
    func isKnown(as hint: String) -> Bool {
        let names = [login, user.claims["email"]?.string, user.claims["preferred_username"]?.string, subject]
        return names.contains { $0.map { sameBytes($0.lowercased(), hint.lowercased()) } ?? false }
    }

    /// What people know it by.
    var label: String { user.claims["email"]?.string ?? user.claims["name"]?.string ?? login }
}
