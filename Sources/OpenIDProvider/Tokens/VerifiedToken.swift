import JOSE
import Web

extension Issuer {
    /// A token that one of our keys signed and that names us as its issuer; `nil` for every other. Type and times are the
    /// caller's to check.
    func verified(_ text: some StringProtocol) -> JSONWebSignature? {
        guard let token = try? JSONWebSignature(compact: text),
            let algorithm = token.algorithmName.flatMap(SignatureAlgorithm.init(rawValue:)),
            let id = token.keyID, let key = keyring.published.key(id: id, algorithm: algorithm),
            token.isSigned(by: key, algorithm: algorithm),
            let name = token.claims["iss"]?.string, sameBytes(name, settings.issuer)
        else { return nil }
        return token
    }
}
