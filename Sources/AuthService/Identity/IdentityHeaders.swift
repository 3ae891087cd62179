package import Web

/// The headers that tell an application who the user is, and that no client can forge: on every accepted request each is set
/// by us or removed, and so is every other spelling of it that some server would read as the same.
package struct IdentityHeaders: Sendable {
    package struct Mapping: Sendable {
        /// Lower case.
        package let header: String
        package let template: HeaderTemplate

        package init(header: String, template: HeaderTemplate) {
            self.header = header.lowercased()
            self.template = template
        }
    }

    private let mappings: [Mapping]
    private let form: HeaderValueForm
    private let credentials: CredentialHeaders
    /// Every header that is ours, exact names in lower case: removed where it is not set.
    private let owned: [String]
    private let ownedCanonical: [[UInt8]]
    private let strippedPrefixes: [[UInt8]]
    /// Bit n: something of ours begins with a byte whose low 6 bits are n. Most of what clients send ends here.
    private let firstBytes: UInt64

    /// - Parameters:
    ///   - strip: further names to remove, some ending in `*` (every header that begins so).
    ///   - assertionHeader: owned too, set by the assertion.
    package init(
        mappings: [Mapping], strip: [String], assertionHeader: String?, form: HeaderValueForm = .percent,
        credentials: CredentialHeaders = .none
    ) {
        let exact = strip.filter { !$0.hasSuffix("*") }.map { $0.lowercased() }
        self.init(
            mappings: mappings, form: form, credentials: credentials,
            owned: mappings.map(\.header) + credentials.names + [assertionHeader].compactMap { $0 } + exact,
            strippedPrefixes: strip.filter { $0.hasSuffix("*") }.map { Self.canonical(String($0.dropLast())) })
    }

    private init(
        mappings: [Mapping], form: HeaderValueForm, credentials: CredentialHeaders, owned: [String], strippedPrefixes: [[UInt8]]
    ) {
        self.mappings = mappings
        self.form = form
        self.credentials = credentials
        self.owned = owned.reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
        ownedCanonical = self.owned.map(Self.canonical)
        self.strippedPrefixes = strippedPrefixes
        firstBytes = (ownedCanonical + strippedPrefixes).reduce(0) { $0 | ($1.first.map(Self.bit) ?? .max) }
    }

    /// With further headers that are ours.
    /// - Parameter names: lower case.
    func owning(_ names: [String]) -> IdentityHeaders {
        IdentityHeaders(
            mappings: mappings, form: form, credentials: credentials, owned: owned + names, strippedPrefixes: strippedPrefixes)
    }

    /// What is the same for every request of one person.
    /// - Parameters:
    ///   - session: `nil` on requests that anyone may send: then every header of ours is removed.
    ///   - assertion: name and value.
    ///   - changes: of one rule.
    ///   - token: the application's own, in the place of a credential that has the same header.
    package func headers(
        for session: Session?, assertion: Accepted.Header?, changes: [RuleHeader] = [], token: Accepted.Header? = nil
    ) -> (set: [Accepted.Header], remove: [String]) {
        var set = [assertion].compactMap { $0 }
        if let session {
            for mapping in mappings(with: changes) {
                guard let text = mapping.template.text(for: session.identity) else { continue }
                set.append(Accepted.Header(name: mapping.header, value: form.value(text)))
            }
            set += credentials.headers(for: session).filter { header in token.map { !sameBytes($0.name, header.name) } ?? true }
            set += [token].compactMap { $0 }
        }
        return (set, owned.filter { name in !set.contains { sameBytes($0.name, name) } })
    }

    private func mappings(with changes: [RuleHeader]) -> [Mapping] {
        guard !changes.isEmpty else { return mappings }
        let kept = mappings.filter { mapping in !changes.contains { sameBytes($0.header, mapping.header) } }
        return kept + changes.compactMap { change in change.template.map { Mapping(header: change.header, template: $0) } }
    }

    /// The headers of ours among those that a client sent, each as it spelled them (in lower case).
    package func sent(in message: RequestMessage) -> [String] {
        let bytes = message.bytes.span
        var names: [String] = []
        for field in message.fields where isOurs(bytes.extracting(field.name.range)) {
            let name = message.text(field.name)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func isOurs(_ name: Span<UInt8>) -> Bool {
        guard !name.isEmpty, firstBytes & Self.bit(Self.canonical(name[0])) != 0 else { return false }
        for owned in ownedCanonical where owned.count == name.count && Self.isPrefix(owned, name) { return true }
        for prefix in strippedPrefixes where Self.isPrefix(prefix, name) { return true }
        return false
    }

    private static func isPrefix(_ prefix: [UInt8], _ name: Span<UInt8>) -> Bool {
        guard prefix.count <= name.count else { return false }
        for index in prefix.indices where prefix[index] != canonical(name[index]) { return false }
        return true
    }

    private static func bit(_ byte: UInt8) -> UInt64 { 1 << UInt64(byte & 63) }

    /// CGI-style servers read `X_Forwarded_User` and `x-forwarded-user` as one; some drop or fold other signs as well.
    private static func canonical(_ name: String) -> [UInt8] { name.utf8.map(canonical) }

    private static func canonical(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        default: UInt8(ascii: "-")
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
