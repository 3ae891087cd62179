package import OpenIDProvider

/// A document of which the stores know where it is kept.
package protocol KeptDocument: StoredDocument {
    static var place: DocumentPlace { get }
}

/// Where documents of one kind are kept, by its names: all else is the same for every kind.
package struct DocumentPlace: Sendable {
    /// The table is named after it.
    let kind: StoredKind
    let record: RecordKind
    /// One of them, in messages.
    let one: String

    var table: String { kind.rawValue }
    /// A table with one row and one number, which grows with every change of a document. Redis has it as `record!revision`.
    var revisionTable: String { "\(record.rawValue)_revision" }

    private static let all = [StoredClient.place, StoredConnector.place]

    /// `nil` for a kind that is no document.
    static func of(_ kind: StoredKind) -> DocumentPlace? { all.first { $0.kind == kind } }
}

extension StoredClient: KeptDocument {
    package static let place = DocumentPlace(kind: .client, record: .client, one: "a client")
}

extension StoredConnector: KeptDocument {
    package static let place = DocumentPlace(kind: .connector, record: .connector, one: "a connector")
}
