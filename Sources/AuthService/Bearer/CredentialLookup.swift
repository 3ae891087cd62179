/// What a request's credential leads to.
enum CredentialLookup: Sendable {
    /// There is none that is ours to read: the session cookie decides.
    case none
    case decided(CredentialOutcome)
    /// The issuer or the store has to be asked, on the slow lane.
    case pending(@Sendable () async -> CredentialOutcome)

    var isNone: Bool { if case .none = self { true } else { false } }

    static func refused(_ refusal: CredentialRefusal) -> CredentialLookup { .decided(.refused(refusal)) }
}

/// What a request gets whose credential is not valid.
package enum InvalidCredentialAnswer: Sendable {
    /// 401, whoever asks.
    case unauthorized
    /// As if the request had no credential: the session cookie, else the sign-in.
    case signIn
}

extension CredentialLookup {
    /// The same with `change` made to its outcome, now or later.
    func map(_ change: @escaping @Sendable (CredentialOutcome) -> CredentialOutcome) -> CredentialLookup {
        switch self {
        case .none: .none
        case .decided(let outcome): .decided(change(outcome))
        case .pending(let work): .pending { change(await work()) }
        }
    }
}
