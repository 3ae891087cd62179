package import JOSE

/// A connector of the store: made, changed and removed while the program runs, unlike those of the configuration.
package struct StoredConnector: StoredDocument {
    /// Part of every subject.
    package let id: String
    /// What it is, in the words of the configuration, as JSON, sealed: there are secrets in it. Empty for one that was deleted: its id is
    /// part of subjects, and is never given again.
    package var sealed: String
    package let createdAt: UnixTime
    package var version: Int64

    package init(id: String, sealed: String, createdAt: UnixTime, version: Int64 = 1) {
        self.id = id
        self.sealed = sealed
        self.createdAt = createdAt
        self.version = version
    }

    var isDeleted: Bool { sealed.isEmpty }

    package var content: JSONValue { ["sealed": .string(sealed)] }

    package init?(id: String, version: Int64, createdAt: UnixTime, content: JSONValue) {
        guard let sealed = content.object?["sealed"]?.string else { return nil }
        self.init(id: id, sealed: sealed, createdAt: createdAt, version: version)
    }
}
