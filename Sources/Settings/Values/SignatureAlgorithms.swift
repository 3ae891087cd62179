import JOSE

extension Shape where Value == SignatureAlgorithm {
    /// What we sign with so far, of all that we verify.
    static func signatureAlgorithm() -> Shape { .choice(of: [.es256, .rs256, .edDSA]) }
}
