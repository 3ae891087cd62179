/// The fields of a query or of an application/x-www-form-urlencoded body, in the order in which they were sent.
///
/// Read strictly: a `%` without two hexadecimal digits, invalid UTF-8, NUL, a raw control character, too many fields or
/// too many bytes refuse the whole. A name that was sent twice is kept twice, so that callers can refuse it (RFC 6749,
/// section 3.1: parameters must not be included more than once).
package struct FormFields: Sendable {
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package static let maximumFields = 100
    package static let maximumBytes = 64 * 1024

    package let fields: [Field]

    /// From a query, without its `?`. nil where it is malformed or longer than `maximumBytes`.
    package init?(query: some StringProtocol, maximumBytes: Int = FormFields.maximumBytes) {
        self.init(bytes: query.utf8, maximumBytes: maximumBytes)
    }

    /// From a body whose content type the caller has checked. nil where it is malformed or longer than `maximumBytes`.
    package init?(body: [UInt8], maximumBytes: Int = FormFields.maximumBytes) {
        self.init(bytes: body, maximumBytes: maximumBytes)
    }

    private init?(bytes: some Collection<UInt8>, maximumBytes: Int) {
        guard bytes.count <= maximumBytes, !bytes.contains(where: \.isControl) else { return nil }
        var fields: [Field] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            guard fields.count < Self.maximumFields, let field = Field(part) else { return nil }
            fields.append(field)
        }
        self.fields = fields
    }

    /// The first value of `name`.
    package func first(_ name: String) -> String? {
        fields.first { sameBytes($0.name, name) }?.value
    }

    /// Every value of `name`, first to last.
    package func all(_ name: String) -> [String] {
        fields.filter { sameBytes($0.name, name) }.map(\.value)
    }

    package func hasDuplicates(of name: String) -> Bool {
        all(name).count > 1
    }

    /// The first name that was sent before already.
    package var repeatedName: String? {
        fields.indices.first { index in
            fields[..<index].contains { sameBytes($0.name, fields[index].name) }
        }.map { fields[$0].name }
    }
}

extension FormFields.Field {
    /// One `name=value`; without `=` the value is empty.
    fileprivate init?(_ part: some Collection<UInt8>) {
        let name = part.prefix { $0 != UInt8(ascii: "=") }
        let value = part.dropFirst(name.count).dropFirst()
        guard let name = Self.text(name), let value = Self.text(value) else { return nil }
        self.init(name: name, value: value)
    }

    private static func text(_ encoded: some Sequence<UInt8>) -> String? {
        guard let bytes = PercentEncoding.decode(encoded, plusIsSpace: true), !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
