import JOSE

/// Recovery codes: ten, of 80 random bits each, so that their hashes alone give none of them away.
enum RecoveryCodes {
    static let count = 10
    private static let bytes = 10
    private static let hashes = "hashes"

    /// As people write them down: `abcd-efgh-ijkl-mnop`.
    static func made(_ randomness: Randomness) -> [Secret] {
        (0..<count).map { _ in
            let letters = Array(Base32.encode(randomness.bytes(bytes)).lowercased().utf8)
            let groups = stride(from: 0, to: letters.count, by: 4).map { letters[$0..<min($0 + 4, letters.count)] }
            return Secret(Array(groups.joined(separator: "-".utf8)))
        }
    }

    /// What is kept of them.
    static func details(_ codes: [Secret], of account: SecondFactorAccount) -> JSONObject {
        JSONObject([(hashes, .strings(codes.map { digest($0.text, account) }))])
    }

    /// How many are left.
    static func left(_ factor: SecondFactor) -> Int { factor.details[hashes]?.stringList?.count ?? 0 }

    /// The details without a code; `nil` where it is none of them.
    static func details(of factor: SecondFactor, without code: String) -> JSONObject? {
        let kept = factor.details[hashes]?.stringList ?? []
        let given = Secret(utf8: digest(code, factor.account))
        let others = kept.filter { !Secret(utf8: $0).matches(given) }
        return others.count < kept.count ? JSONObject([(hashes, .strings(others))]) : nil
    }

    /// However somebody types it: spaces, hyphens and the case of letters do not count.
    private static func digest(_ code: String, _ account: SecondFactorAccount) -> String {
        let letters = code.lowercased().utf8.filter { ![0x20, UInt8(ascii: "-")].contains($0) }
        let name = SecretDigest.name(
            "recovery-code", account.connectorID, account.userID, String(decoding: letters, as: UTF8.self))
        return Base64URL.encode(name.bytes)
    }
}
