import JOSE

/// A user of an upstream and what its connector keeps of the sign-in, as a store has it: encrypted.
struct KeptUser: Sendable {
    static let purpose = "upstream-tokens"

    var user: ConnectorUser
    var kept: Secret
    /// The version of the row over which the upstream's answer was written that this user is; 0: that of the sign-in.
    var confirmedOver: Int64 = 0

    func sealed(with keys: SealingKeys) throws(ProviderStoreFailure) -> String {
        let members: JSONValue = [
            "id": .string(user.id), "claims": .object(user.claims), "kept": .string(Base64URL.encode(kept.bytes)),
            "confirmed_over": .integer(confirmedOver),
        ]
        guard let sealed = try? keys.seal(members.jsonBytes) else {
            throw ProviderStoreFailure(detail: "cannot seal what an upstream is asked again with")
        }
        return sealed
    }

    init(user: ConnectorUser, kept: Secret, confirmedOver: Int64 = 0) {
        self.user = user
        self.kept = kept
        self.confirmedOver = confirmedOver
    }

    /// `nil` for what these keys did not seal.
    init?(sealed: String, keys: SealingKeys) {
        guard let bytes = keys.open(sealed), let members = (try? JSONReader.read(bytes))?.object,
            let id = members["id"]?.string, let claims = members["claims"]?.object,
            let kept = members["kept"]?.string.flatMap({ Base64URL.decode($0) })
        else { return nil }
        self.init(
            user: ConnectorUser(id: id, claims: claims), kept: Secret(kept),
            confirmedOver: members["confirmed_over"]?.integer ?? 0)
    }
}
