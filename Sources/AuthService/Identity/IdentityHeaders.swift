package import Accounts
package import Web

/// The headers that tell an application who the user is, and that no client can forge: on every accepted request each is set
/// by us or removed, and so is every other spelling of it that some server would read as the same.
package struct IdentityHeaders: Sendable {
    package struct Mapping: Sendable {
        /// Lower case.
        package let header: String
        /// `sub`, `email`, `groups` or any other claim.
        package let claim: String

        package init(header: String, claim: String) {
            self.header = header.lowercased()
            self.claim = claim
        }
    }

    private let mappings: [Mapping]
    /// Every header that is ours, exact names in lower case: removed where it is not set.
    private let owned: [String]
    private let ownedCanonical: Set<[UInt8]>
    private let strippedPrefixes: [[UInt8]]

    /// - Parameters:
    ///   - strip: further names to remove, some ending in `*` (every header that begins so).
    ///   - assertionHeader: owned too, set by the assertion.
    package init(mappings: [Mapping], strip: [String], assertionHeader: String?) {
        self.mappings = mappings
        let exact = strip.filter { !$0.hasSuffix("*") }.map { $0.lowercased() }
        var names: [String] = []
        for name in mappings.map(\.header) + [assertionHeader].compactMap({ $0 }) + exact where !names.contains(name) {
            names.append(name)
        }
        owned = names
        ownedCanonical = Set(names.map(Self.canonical))
        strippedPrefixes = strip.filter { $0.hasSuffix("*") }.map { Self.canonical(String($0.dropLast())) }
    }

    /// - Parameters:
    ///   - identity: `nil` on requests that anyone may send: then every header of ours is removed.
    ///   - assertion: name and value.
    ///   - client: the headers that the client sent.
    package func headers(
        for identity: Identity?, assertion: Accepted.Header?, client: HeaderList
    ) -> (set: [Accepted.Header], remove: [String]) {
        var set = [assertion].compactMap { $0 }
        if let identity {
            for mapping in mappings {
                guard let text = identity.text(of: mapping.claim), !text.isEmpty else { continue }
                set.append(Accepted.Header(name: mapping.header, value: Self.safe(text)))
            }
        }
        var remove: [String] = []
        func discard(_ name: String) {
            guard !set.contains(where: { sameBytes($0.name, name) }), !remove.contains(name) else { return }
            remove.append(name)
        }
        owned.forEach(discard)
        for field in client.fields where isOurs(field.name) { discard(field.name) }
        return (set, remove)
    }

    private func isOurs(_ name: String) -> Bool {
        let canonical = Self.canonical(name)
        return ownedCanonical.contains(canonical) || strippedPrefixes.contains { canonical.starts(with: $0) }
    }

    /// CGI-style servers read `X_Forwarded_User` and `x-forwarded-user` as one; some drop or fold other signs as well.
    private static func canonical(_ name: String) -> [UInt8] {
        name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "-")
            }
        }
    }

    /// A claim as a header value: control characters are percent-encoded (no claim can end the header), and so are blanks at its
    /// ends, which servers trim: `admin ` must not arrive as `admin`.
    static func safe(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let leading = bytes.prefix { $0 == 0x20 }.count
        let trailing = bytes.reversed().prefix { $0 == 0x20 }.count
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isOuterBlank = index < leading || index >= bytes.count - trailing
            if byte < 0x20 || byte == 0x7F || isOuterBlank {
                result.append(contentsOf: PercentEncoding.encode(String(decoding: [byte], as: UTF8.self)).utf8)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
