import JOSE
import Web

/// The key of an authenticator app as a store has it: encrypted, and together with whose it is, so that it is no other account's.
enum SealedKey {
    static let purpose = "second-factor-key"

    static func seal(
        _ key: Secret, of account: SecondFactorAccount, _ keys: SealingKeys
    ) throws(ProviderStoreFailure) -> String {
        let members: JSONValue = ["s": .string(account.subject), "k": .string(Base64URL.encode(key.bytes))]
        guard let sealed = try? keys.seal(members.jsonBytes) else {
            throw ProviderStoreFailure(detail: "cannot seal the key of a second factor")
        }
        return sealed
    }

    static func open(_ factor: SecondFactor, _ keys: SealingKeys) throws(ProviderStoreFailure) -> Secret {
        guard let bytes = keys.open(factor.sealed), let members = (try? JSONReader.read(bytes))?.object,
            sameBytes(members["s"]?.string ?? "", factor.account.subject),
            let key = members["k"]?.string.flatMap({ Base64URL.decode($0) })
        else { throw ProviderStoreFailure(detail: "the key of a second factor cannot be opened") }
        return Secret(key)
    }
}
