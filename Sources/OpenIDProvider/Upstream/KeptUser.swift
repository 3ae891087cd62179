import JOSE

/// A user of an upstream and what its connector keeps of the sign-in, as a store has it: encrypted.
struct KeptUser: Sendable {
    static let purpose = "upstream-tokens"

    var user: ConnectorUser
    var kept: Secret

    func sealed(with keys: SealingKeys) throws(ProviderStoreFailure) -> String {
        let members: JSONValue = [
            "id": .string(user.id), "claims": .object(user.claims), "kept": .string(Base64URL.encode(kept.bytes)),
        ]
        guard let sealed = try? keys.seal(members.jsonBytes) else {
            throw ProviderStoreFailure(detail: "cannot seal what an upstream is asked again with")
        }
        return sealed
    }

    init(user: ConnectorUser, kept: Secret) {
        self.user = user
        self.kept = kept
    }

    /// `nil` for what these keys did not seal.
    init?(sealed: String, keys: SealingKeys) {
        guard let bytes = keys.open(sealed), let members = (try? JSONReader.read(bytes))?.object,
            let id = members["id"]?.string, let claims = members["claims"]?.object,
            let kept = members["kept"]?.string.flatMap({ Base64URL.decode($0) })
        else { return nil }
        self.init(user: ConnectorUser(id: id, claims: claims), kept: Secret(kept))
    }
}
