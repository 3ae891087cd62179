import JOSE

extension FuzzTarget {
    /// JSON of others.
    static let json = FuzzTarget("json", maximumBytes: 4096) { (input) throws(Violation) in
        guard let value = try? JSONReader.read(input, maximumDepth: 8) else { return }
        try require(isBounded(value, depth: 8), "as deep as is allowed, without duplicate names")
        let text = value.jsonBytes
        try require(text.allSatisfy { $0 >= 0x20 && !"<>&".utf8.contains($0) }, "fit for a page")
        try require((try? JSONReader.read(text, maximumDepth: 8)) == value, "written and read again: \(value.jsonText)")
        try require((try? JSONReader.read(input + [0x20, 0x7d], maximumDepth: 8)) == nil, "nothing may follow")
    }

    private static func isBounded(_ value: JSONValue, depth: Int) -> Bool {
        switch value {
        case .null, .bool, .integer, .string: return true
        case .number(let number): return number.isFinite
        case .array(let values): return depth > 0 && values.allSatisfy { isBounded($0, depth: depth - 1) }
        case .object(let object):
            let names = Set(object.members.map { [UInt8]($0.name.utf8) })
            return depth > 0 && names.count == object.members.count
                && object.members.allSatisfy { isBounded($0.value, depth: depth - 1) }
        }
    }

    /// Tokens in compact form: none but those signed with our key is ever valid.
    static let jws = FuzzTarget("jws", maximumBytes: 2048) { (input) throws(Violation) in
        let text = String(decoding: input, as: UTF8.self)
        if let bytes = Base64URL.decode(text) {
            try require(Base64URL.encode(bytes).utf8.elementsEqual(text.utf8), "one spelling only: \(text)")
        }
        guard let token = try? JSONWebSignature(compact: text) else { return }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        try require(parts.count == 3, "three parts")
        try require(parts.allSatisfy { Base64URL.decode(String(decoding: $0, as: UTF8.self)) != nil }, "of base64url")
        try require(token.claims["crit"] == token.claims["crit"], "claims can be asked for")
        guard let strangers else { throw Violation(description: "the keys of the test are keys") }
        for key in strangers.keys {
            for algorithm in key.key.algorithms {
                try require(!token.isSigned(by: key, algorithm: algorithm), "nobody can sign with a key of ours: \(text)")
            }
        }
    }

    /// Public keys whose private halves nobody has kept (RFC 7515 appendix A.3, RFC 8037 appendix A.2).
    ///
    /// Made anew each time: a key that is kept has a tag in its pointer, which the leak detector does not recognise.
    private static var strangers: JSONWebKeySet? {
        let text = """
            {"keys":[
            {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
            {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
            ]}
            """
        return (try? JSONReader.read(Array(text.utf8))).flatMap(JSONWebKeySet.init(json:))
    }

    /// Key sets of providers.
    static let keySet = FuzzTarget("key-set", maximumBytes: 4096) { (input) throws(Violation) in
        guard let json = try? JSONReader.read(input), let set = JSONWebKeySet(json: json) else { return }
        try require(set.keys.count <= 100, "no more than the limit")
        for key in set.keys {
            try require(key.algorithm.map(key.key.algorithms.contains) ?? true, "a key serves algorithms of its kind only")
            let again = JSONWebKey(json: key.json)
            try require(again?.key.thumbprint == key.key.thumbprint, "written and read again: \(key.json.jsonText)")
            if let id = key.id, let algorithm = key.key.algorithms.first, let found = set.key(id: id, algorithm: algorithm) {
                try require(found.id == id && found.serves(algorithm), "a key is found by its own name only")
            }
        }
    }
}
