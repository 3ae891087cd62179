/// A CBOR value (RFC 8949) of the kinds that authenticators send: no tags, no floating point.
package enum CBORValue: Sendable, Equatable {
    case unsigned(UInt64)
    /// -1 - n
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBORValue])
    case map(CBORMap)
    case bool(Bool)
    case null

    package var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
    package var text: String? { if case .text(let value) = self { value } else { nil } }
    package var array: [CBORValue]? { if case .array(let value) = self { value } else { nil } }
    package var map: CBORMap? { if case .map(let value) = self { value } else { nil } }

    /// `nil` for what 64 bits with a sign do not hold.
    package var integer: Int64? {
        switch self {
        case .unsigned(let value): Int64(exactly: value)
        case .negative(let value): Int64(exactly: value).map { -1 - $0 }
        default: nil
        }
    }

    package init(_ integer: Int64) {
        self = integer < 0 ? .negative(UInt64(-1 - integer)) : .unsigned(UInt64(integer))
    }
}

/// The entries of a CBOR map, in their order, each key once.
package struct CBORMap: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let key: CBORValue
        package let value: CBORValue

        package init(_ key: CBORValue, _ value: CBORValue) {
            self.key = key
            self.value = value
        }
    }

    package let entries: [Entry]

    package init(_ entries: [Entry]) { self.entries = entries }

    package subscript(key: Int64) -> CBORValue? { self[CBORValue(key)] }

    package subscript(name: String) -> CBORValue? { self[CBORValue.text(name)] }

    private subscript(key: CBORValue) -> CBORValue? { entries.first { $0.key.isSame(as: key) }?.value }
}

extension CBORValue {
    /// As a key: texts by their bytes, where `==` takes é for é in two code points.
    func isSame(as other: CBORValue) -> Bool {
        switch (self, other) {
        case (.text(let one), .text(let two)): one.utf8.elementsEqual(two.utf8)
        default: self == other
        }
    }
}
