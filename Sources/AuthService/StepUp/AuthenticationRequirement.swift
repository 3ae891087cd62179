import JOSE
import OpenIDConnect
import RelyingParty

/// How a rule wants people to have signed in, beyond that they have (step-up, RFC 9470).
package struct AuthenticationRequirement: Sendable, Equatable {
    /// Seconds since the person last gave their credentials, as the provider says.
    package var maxAge: Int64?
    /// One of these is the provider's `acr`; empty: any.
    package var acr: [String]
    /// One of these is among the provider's `amr`; empty: any.
    package var amr: [String]
    /// The `id` of the provider to sign in at.
    package var providerID: String?
    /// Seconds that a session counts from its beginning, where that is less than every session's.
    package var sessionLifetime: Int64?
    /// All of these have to be among those that the provider has granted.
    package var scopes: [String]

    /// Seconds that the provider's clock may be off.
    static let clockSkew: Int64 = 60

    package init(
        maxAge: Int64? = nil, acr: [String] = [], amr: [String] = [], providerID: String? = nil, sessionLifetime: Int64? = nil,
        scopes: [String] = []
    ) {
        self.maxAge = maxAge
        self.acr = acr
        self.amr = amr
        self.providerID = providerID
        self.sessionLifetime = sessionLifetime
        self.scopes = scopes
    }

    /// What a session lacks first; `nil`: nothing.
    func lack(in session: Session, now: UnixTime) -> AuthenticationLack? {
        if let providerID, !sameText(providerID, session.providerID) { return .provider }
        if let sessionLifetime, now.since(session.createdAt) >= sessionLifetime { return .lifetime }
        if !grants(session.grantedScopes) { return .scopes }
        return lack(in: session.authentication, now: now)
    }

    /// Whether nothing that is asked for is missing in what a provider granted.
    func grants(_ granted: [String]) -> Bool { Scope(scopes).isSubset(of: Scope(granted)) }

    /// What a sign-in lacks by what the provider said of it. A provider that says nothing has not confirmed anything.
    func lack(in authentication: SessionAuthentication, now: UnixTime) -> AuthenticationLack? {
        if let maxAge {
            guard let time = authentication.time else { return .unknownAge }
            if now >= time.adding(maxAge).adding(Self.clockSkew) { return .age }
        }
        if !acr.isEmpty, !acr.contains(where: { value in authentication.acr.map { sameText($0, value) } ?? false }) {
            return .acr
        }
        if !amr.isEmpty, !amr.contains(where: { value in authentication.amr.contains { sameText($0, value) } }) { return .amr }
        return nil
    }

    /// Until when a session that lacks nothing now goes on so.
    func holds(for session: Session) -> UnixTime {
        var end = UnixTime(seconds: .max)
        if let maxAge, let time = session.authentication.time { end = min(end, time.adding(maxAge).adding(Self.clockSkew)) }
        if let sessionLifetime { end = min(end, session.createdAt.adding(sessionLifetime)) }
        return end
    }

    /// What to ask of the provider so that the next session lacks nothing.
    var demand: SignInDemand {
        // No parameter asks for `amr`: only that the person does it all once more.
        var demand = SignInDemand(
            providerID: providerID, maxAge: maxAge, acrValues: acr, prompt: amr.isEmpty ? nil : "login")
        demand.amr = amr
        demand.scopes = scopes
        return demand
    }
}

private func sameText(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

/// What is missing in the way somebody signed in.
enum AuthenticationLack: Sendable, Equatable {
    case provider
    case lifetime
    case scopes
    case age
    case unknownAge
    case acr
    case amr

    /// For programs.
    var error: String { self == .scopes ? "insufficient_scope" : "insufficient_user_authentication" }

    /// One clause, for logs and developers.
    var reason: String {
        switch self {
        case .provider: "the sign-in was at another provider"
        case .lifetime: "the session began too long ago"
        case .scopes: "the provider did not grant every scope that is asked for"
        case .age: "the credentials were given too long ago (max_age)"
        case .unknownAge: "the provider does not say when the credentials were given (auth_time)"
        case .acr: "the provider does not confirm the way of signing in (acr)"
        case .amr: "the provider does not name a method that is asked for (amr)"
        }
    }
}

extension SessionAuthentication {
    init(_ token: IDTokenClaims) { self.init(time: token.authTime, acr: token.acr, amr: token.amr) }
}

extension IDTokenRefusal {
    /// Whether the token is right but for what was asked of the sign-in.
    var isAboutTheWayOfSigningIn: Bool { ["auth_time", "acr"].contains(check) }
}
