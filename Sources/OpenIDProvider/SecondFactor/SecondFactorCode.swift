import JOSE
import Web

/// A code that somebody types, on its way to the factor that it is of. Whoever tries too often does not get there.
struct SecondFactorCode: Sendable {
    private static let maximumBytes = 64

    let account: SecondFactorAccount
    let web: WebRequest
    let issuer: Issuer

    enum Answer: Sendable, Equatable {
        case accepted(SecondFactor.Kind)
        /// `reason` is for the audit log.
        case wrong(reason: String)
        /// Nothing was looked at.
        case tooMany(retryAfter: Int64)
    }

    /// Of any number of tries with one code, at whichever replica, one is accepted.
    func answer(_ typed: String) async throws(ProviderStoreFailure) -> Answer {
        try await counted(typed) { code async throws(ProviderStoreFailure) -> Answer in
            let isTOTP = code.utf8.count == TOTP.digits
            for _ in 0..<3 {
                let factors = try await issuer.secondFactors.secondFactors(of: account)
                let factor = factors.first { $0.kind == (isTOTP ? .totp : .recoveryCodes) }
                guard let factor, factors.contains(where: \.kind.stands) else { return .wrong(reason: "no such factor") }
                let next: SecondFactor
                switch try isTOTP ? totp(code, factor) : recovery(code, factor) {
                case .refused(let reason): return .wrong(reason: reason)
                case .next(let changed): next = changed
                }
                if try await issuer.secondFactors.replace(next) { return .accepted(factor.kind) }
            }
            return .wrong(reason: "a code that was used at the same time")
        }
    }

    /// Checks a code against a key that is not kept yet.
    /// - Returns: the step that it is of, or why it is not accepted.
    func enrolment(_ typed: String, key: Secret) async throws(ProviderStoreFailure) -> (answer: Answer, step: Int64) {
        var step: Int64 = 0
        let answer = try await counted(typed) { code in
            guard case .step(let found) = TOTP.match(code, key, after: 0, now: issuer.clock.now) else {
                return .wrong(reason: "a wrong code of a new app")
            }
            step = found
            return .accepted(.totp)
        }
        return (answer, step)
    }

    private enum Use {
        /// To be stored: then the code counts.
        case next(SecondFactor)
        case refused(reason: String)
    }

    private func totp(_ code: String, _ factor: SecondFactor) throws(ProviderStoreFailure) -> Use {
        let key = try SealedKey.open(factor, issuer.secondFactorKeys)
        switch TOTP.match(code, key, after: factor.counter, now: issuer.clock.now) {
        case .step(let step): return .next(used(factor) { $0.counter = step })
        case .used: return .refused(reason: "a code that was used before (RFC 6238 §5.2)")
        case .wrong: return .refused(reason: "a wrong code")
        }
    }

    private func recovery(_ code: String, _ factor: SecondFactor) -> Use {
        guard let details = RecoveryCodes.details(of: factor, without: code) else {
            return .refused(reason: "a wrong recovery code")
        }
        return .next(used(factor) { $0.details = details })
    }

    private func used(_ factor: SecondFactor, _ change: (inout SecondFactor) -> Void) -> SecondFactor {
        factor.changed {
            change(&$0)
            $0.lastUsedAt = issuer.clock.now
        }
    }

    /// Counts a try as passwords' are counted, under names of its own: whoever knows only the password has none of the owner's tries.
    private func counted(
        _ typed: String, _ look: (String) async throws(ProviderStoreFailure) -> Answer
    ) async throws(ProviderStoreFailure) -> Answer {
        let code = String(decoding: typed.utf8.filter { $0 != 0x20 }, as: UTF8.self)
        guard (1...Self.maximumBytes).contains(code.utf8.count) else { return .wrong(reason: "no code") }
        let attempt = PasswordAttempt(login: name, connectorID: account.connectorID, request: web, issuer: issuer)
        switch await issuer.codeAttempts.begin(attempt, password: Secret(utf8: code), now: issuer.clock.now) {
        case .wait(let seconds): return .tooMany(retryAfter: seconds)
        case .counted(let counted):
            let answer: Answer
            do throws(ProviderStoreFailure) { answer = try await look(code) } catch {
                await issuer.codeAttempts.takeBack(counted, now: issuer.clock.now)
                throw error
            }
            switch answer {
            case .accepted: await issuer.codeAttempts.succeeded(counted, now: issuer.clock.now)
            case .wrong: issuer.codeAttempts.failed(counted, now: issuer.clock.now)
            case .tooMany: await issuer.codeAttempts.takeBack(counted, now: issuer.clock.now)
            }
            return answer
        }
    }

    private var name: String { "second factor \(account.userID)" }

    /// The cookie by which the browser is known from now on as one in which a second factor was given.
    var deviceCookie: String {
        KnownDevice.cookie(
            remembering: PasswordAttempt.account(login: name, connectorID: account.connectorID), in: web, issuer: issuer)
    }
}
