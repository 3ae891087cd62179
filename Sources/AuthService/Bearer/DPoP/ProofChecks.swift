import JOSE
import Web

/// One condition on a DPoP proof.
struct ProofCheck: Sendable {
    let name: String
    let section: String
    /// Why the proof is refused, or `nil`.
    let objection: @Sendable (ProofFacts) -> String?

    init(_ name: String, _ section: String, _ objection: @escaping @Sendable (ProofFacts) -> String?) {
        self.name = name
        self.section = section
        self.objection = objection
    }

    /// The checks of RFC 9449 §4.3 and §7.1, what is cheap first; the first objection refuses. Whether the proof was used before comes
    /// after them.
    static let all: [ProofCheck] = [
        ProofCheck("one field", "RFC 9449 §4.3 (1)") {
            $0.fields.count == 1 ? nil : "\($0.fields.isEmpty ? "no" : "several") DPoP fields"
        },
        ProofCheck("form", "RFC 9449 §4.3 (2)") { $0.proof == nil ? "no signed JWT with a public key of ours to verify" : nil },
        ProofCheck("typ", "RFC 9449 §4.3 (4)") { $0.proof?.token.type == "dpop+jwt" ? nil : "not dpop+jwt" },
        ProofCheck("alg", "RFC 9449 §4.3 (5)") { $0.proof?.algorithm == nil ? "not an algorithm of the key" : nil },
        ProofCheck("jti", "RFC 9449 §4.2") { facts in
            (1...512).contains(facts.text("jti")?.utf8.count ?? 0) ? nil : "missing or too long"
        },
        ProofCheck("htm", "RFC 9449 §4.3 (8)") { facts in
            facts.text("htm").map { sameBytes($0, facts.method) } ?? false ? nil : "another method than the request's"
        },
        ProofCheck("htu", "RFC 9449 §4.3 (9)") { facts in
            facts.text("htu").map(facts.isAddress) ?? false ? nil : "another address than the request's"
        },
        ProofCheck("iat", "RFC 9449 §4.3 (11)") { facts in
            guard let issued = facts.issuedAt else { return "missing or not a whole number of seconds" }
            return (-ProofFacts.window...ProofFacts.window).contains(facts.now.since(issued)) ? nil : "too old, or in the future"
        },
        ProofCheck("ath", "RFC 9449 §4.3 (12)") { facts in
            let digest = Base64URL.encode(sha256(facts.accessToken.utf8))
            return facts.text("ath").map { sameBytes($0, digest) } ?? false ? nil : "made for another token"
        },
        ProofCheck("cnf", "RFC 9449 §4.3 (12)") { facts in
            guard let bound = facts.boundKey else { return "the token is bound to no key" }
            return facts.proof.map { sameBytes($0.key.key.thumbprint, bound) } ?? false ? nil : "another key than the token's"
        },
        ProofCheck("signature", "RFC 9449 §4.3 (6)") { $0.proof?.isSigned ?? false ? nil : "not the key's" },
    ]

    static func firstRefusal(_ facts: ProofFacts) -> CredentialRefusal? {
        for check in all {
            guard let reason = check.objection(facts) else { continue }
            return CredentialRefusal(.invalidProof, reason: "proof, \(check.name): \(reason) (\(check.section))")
        }
        return nil
    }
}

extension ProofFacts {
    /// Whether `htu` is the request's address: compared after normalising (RFC 3986 §6.2), query and fragment apart.
    func isAddress(_ url: String) -> Bool {
        guard let origin, let named = Origin(url), named == origin, let own = self.path else { return false }
        let address = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let authority = address.dropFirst(origin.scheme.rawValue.utf8.count + "://".utf8.count)
        let path = authority.drop { $0 != UInt8(ascii: "/") }
        let target = path.isEmpty ? "/" : String(decoding: path, as: UTF8.self)
        return (try? RequestPath(target: target)) == own
    }
}
