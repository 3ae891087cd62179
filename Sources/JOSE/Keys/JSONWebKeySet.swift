/// A set of published verification keys (RFC 7517 §5).
package struct JSONWebKeySet: Sendable {
    package let keys: [JSONWebKey]

    package init(keys: [JSONWebKey]) { self.keys = keys }

    /// `nil` where there is no `keys` list. Keys that cannot serve us are left out; at most 100 are read.
    package init?(json: JSONValue) {
        guard let keys = json.object?["keys"]?.array else { return nil }
        self.keys = keys.prefix(100).compactMap(JSONWebKey.init(json:))
    }

    package var json: JSONValue { ["keys": .array(keys.map(\.json))] }

    /// The key for a token: by `kid` and algorithm together. Without a `kid` only a set with one fitting key gives one; an
    /// unknown `kid` never falls back to another key.
    package func key(id: String?, algorithm: SignatureAlgorithm) -> JSONWebKey? {
        let fitting = keys.filter { $0.serves(algorithm) }
        guard let id else { return fitting.count == 1 ? fitting.first : nil }
        return fitting.first { $0.id.map { $0.utf8.elementsEqual(id.utf8) } ?? false }
    }
}
