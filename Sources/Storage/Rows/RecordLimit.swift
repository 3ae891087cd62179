import AuthService
import OpenIDProvider

/// How large a record may be, in every store: what is larger is refused as a whole. What people and providers send is far smaller;
/// this keeps one that is not from filling the memory of all that read it.
package enum RecordLimit {
    /// All bytes of a record's texts and values together.
    package static let bytes = 1 << 20

    static func check(_ size: Int) throws(StoreFailure) {
        guard size >= bytes else { return }
        throw StoreFailure(detail: "a record of \(size) bytes is too large for the store: it has to be smaller than \(bytes)")
    }

    /// A NUL in a text is refused, too: Postgres knows none, and what SQLite gives back would end there.
    static func check(_ values: [ColumnValue]) throws(StoreFailure) {
        try check(values.reduce(0) { $0 + $1.size })
        guard !values.contains(where: \.hasNUL) else { throw StoreFailure(detail: "a text of a record has a NUL in it") }
    }

    static func checkProvider(_ values: [ColumnValue]) throws(ProviderStoreFailure) {
        do throws(StoreFailure) { try check(values) } catch { throw ProviderStoreFailure(detail: error.detail) }
    }
}

extension ColumnValue {
    fileprivate var hasNUL: Bool { if case .text(let text) = self { text.utf8.contains(0) } else { false } }

    /// Lists are of many records.
    fileprivate var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .null, .integer, .boolean, .listOfBytes, .listOfIntegers: 0
        }
    }
}
