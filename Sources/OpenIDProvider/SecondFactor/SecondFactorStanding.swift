import JOSE
import Web

/// What is left to do about somebody's second factor.
enum SecondFactorStanding: Sendable, Equatable {
    /// It was given, or nobody asks for one.
    case notDue
    /// One of these has to be given.
    case due([SecondFactor])
    /// One has to be set up: there is none.
    case enrolment

    var isDue: Bool { self != .notDue }

    /// Whether something has to be given, and no authenticator app's code can be.
    var isWithoutApp: Bool {
        switch self {
        case .notDue, .enrolment: false
        case .due(let factors): !factors.contains { $0.kind == .totp }
        }
    }
}

extension SecondFactors {
    /// - Parameters:
    ///   - client: `nil`: a page of our own.
    ///   - demand: what the authorization request asks of the sign-in.
    func standing(
        of account: SSOAccount, at client: Client?, for demand: AuthenticationDemand = AuthenticationDemand(json: nil)
    ) async throws(ProviderStoreFailure) -> SecondFactorStanding {
        let settings = issuer.secondFactor
        guard !account.hasSecondFactor(settings) else { return .notDue }
        let facts = SecondFactorFacts(
            settings: settings, client: client, connectorID: account.connectorID, user: account.user,
            isDemanded: demand.asksForSecondFactor(beyond: account, settings))
        let rule = facts.rule
        guard rule != .skip else { return .notDue }
        let factors = try await usable(of: SecondFactorAccount(account))
        guard factors.isEmpty else { return .due(factors) }
        return rule == .required ? .enrolment : .notDue
    }

    /// Whether somebody may have tokens for a password alone, where there is no page to ask for more on.
    package func lets(
        _ user: ConnectorUser, of connectorID: String, signInByPasswordAloneAt client: Client?
    ) async throws(ProviderStoreFailure) -> Bool {
        try await lets(user, of: connectorID, signInAt: client, by: .password)
    }

    /// Whether what somebody has done already is enough, where there is no page to ask for more on.
    func lets(
        _ user: ConnectorUser, of connectorID: String, signInAt client: Client?, by authentication: Authentication
    ) async throws(ProviderStoreFailure) -> Bool {
        let account = SSOAccount(
            id: "", connectorID: connectorID, login: "", user: user, subject: "", authTime: issuer.clock.now,
            authentication: authentication)
        return try await standing(of: account, at: client) == .notDue
    }
}

extension AuthenticationDemand {
    /// Whether one of the classes asked for is that of a second factor, and the account's sign-in is of none of them without.
    func asksForSecondFactor(beyond account: SSOAccount, _ settings: SecondFactorSettings) -> Bool {
        acrValues.contains(where: settings.isOfSecondFactor) && !acrValues.contains { sameBytes($0, account.authentication.acr) }
    }
}

extension SecondFactorSettings {
    func isOfSecondFactor(_ acr: String) -> Bool { acrValues.contains { sameBytes($0, acr) } }
}

extension Authentication {
    /// Whether whoever signed the person in elsewhere says that it took more than one factor (RFC 8176 §2).
    func isOfSeveralFactors(_ settings: SecondFactorSettings) -> Bool {
        amr.contains { sameBytes($0, "mfa") } || settings.isOfSecondFactor(acr)
    }

    /// With a second factor given.
    func with(_ given: GivenFactor) -> Authentication {
        let others = amr.filter { method in !(given.amr + ["mfa"]).contains { sameBytes($0, method) } }
        return Authentication(amr: others + given.amr + ["mfa"], acr: acr)
    }
}

extension SSOAccount {
    /// Whether a second factor was given: here, or elsewhere, where the operator leaves it to the connector.
    func hasSecondFactor(_ settings: SecondFactorSettings) -> Bool {
        secondFactorAt != nil
            || settings.connectors[connectorID] != .required && authentication.isOfSeveralFactors(settings)
    }

    /// The classes that the sign-in is of; the first is told where a client asks for none of them.
    func classes(_ settings: SecondFactorSettings) -> [String] {
        let first = authentication.acr.isEmpty ? [] : [authentication.acr]
        guard hasSecondFactor(settings) else { return first }
        return secondFactorAt == nil ? first + settings.acrValues : settings.acrValues + first
    }

    /// How they signed in, in the words that a client asks for where they fit.
    func told(to demand: AuthenticationDemand, _ settings: SecondFactorSettings) -> Authentication {
        let own = classes(settings)
        let wished = demand.acrValues.first { acr in own.contains { sameBytes($0, acr) } }
        return Authentication(amr: authentication.amr, acr: wished ?? own.first ?? "")
    }

    /// After a second factor.
    func with(_ given: GivenFactor, at now: UnixTime) -> SSOAccount {
        var account = self
        account.authentication = authentication.with(given)
        account.secondFactorAt = now
        return account
    }
}
