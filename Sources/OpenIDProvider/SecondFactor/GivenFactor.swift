/// A second factor that somebody has given.
struct GivenFactor: Sendable, Equatable {
    let kind: SecondFactor.Kind
    /// Its methods' names in ID tokens (RFC 8176 §2), without `mfa`.
    let amr: [String]

    /// An app's code, or one on paper.
    init(code kind: SecondFactor.Kind) {
        self.kind = kind
        amr = ["otp"]
    }

    init(passkey factor: SecondFactor) {
        kind = .passkey
        amr = factor.passkeyMethods
    }
}
