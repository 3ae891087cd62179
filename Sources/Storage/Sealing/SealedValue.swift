package import AuthService
import JOSE
import OpenIDProvider

/// Kinds of records that have something sealed in them, beside signing keys, which are few and sealed anew when they are read.
package enum SealedKind: String, Sendable, CaseIterable {
    case session, upstream, connector
    case secondFactor = "second-factor"
}

extension RecordName {
    static func session(_ key: SessionKey) -> RecordName { RecordName(SealedKind.session.rawValue, id: key.digest) }
    static func upstream(_ accountID: String) -> RecordName {
        RecordName(SealedKind.upstream.rawValue, id: Array(accountID.utf8))
    }
    static func connector(_ id: String) -> RecordName { RecordName(SealedKind.connector.rawValue, id: Array(id.utf8)) }
    static func secondFactor(_ id: String) -> RecordName { RecordName(SealedKind.secondFactor.rawValue, id: Array(id.utf8)) }
}

/// What one record has that is sealed, or should be.
package struct SealedValue: Sendable {
    /// As it was read: it is replaced if it is still so.
    enum Stored: Sendable {
        case bytes([UInt8])
        /// In a column that has a text.
        case text(String)
        /// Tokens of a session that lie in clear, and the version of it that has them.
        case tokens(SessionTokens, version: Int64)
        /// In a column of SQL that has the document.
        case connector(StoredConnector)
    }

    let kind: SealedKind
    /// A session's digest, or UTF-8.
    let id: [UInt8]
    let stored: Stored
    /// In Redis, the bytes of the record that has it; in SQL those of a connector's content.
    var record: [UInt8] = []

    var name: RecordName { RecordName(kind.rawValue, id: id) }

    enum Content: Sendable {
        case sealed([UInt8])
        case unsealed([UInt8])
    }

    var content: Content {
        switch stored {
        case .bytes(let bytes): .sealed(bytes)
        case .text(let text): Self.content(text)
        case .connector(let connector): Self.content(connector.sealed)
        case .tokens(let tokens, _): .unsealed(tokens.bytes)
        }
    }

    private static func content(_ text: String) -> Content {
        RecordKeys.sealed(inText: text).map { .sealed($0) } ?? .unsealed(Array(text.utf8))
    }
}

/// Some of the values of a kind.
package struct SealedPage: Sendable {
    package let values: [SealedValue]
    /// Where the next page begins; `nil`: this was the last.
    package let next: String?
}

/// A storage, as it is gone through to seal everything under the first key. Every record that is there all the while is met at least
/// once.
package protocol SealedValueStore: Sendable {
    /// - Parameter cursor: `SealedPage.next`; `nil` for the first page.
    func sealedValues(_ kind: SealedKind, from cursor: String?, limit: Int) async throws(StoreFailure) -> SealedPage

    /// Writes sealed bytes in the place of what was read, if that is still there. The record's version stays, since it says the same:
    /// whoever is about to renew its tokens is not disturbed.
    /// - Returns: whether it was.
    func reseal(_ value: SealedValue, as sealed: [UInt8]) async throws(StoreFailure) -> Bool

    /// Something lay there in clear and was sealed: as far as that is the storage's own affair, nothing of it shall be left.
    func forgetWhatWasInClear() async throws(StoreFailure)
}

extension SealedValueStore {
    package func forgetWhatWasInClear() async throws(StoreFailure) {}
}
