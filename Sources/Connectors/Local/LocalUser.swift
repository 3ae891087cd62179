package import JOSE
import OpenIDProvider

/// A user written into the configuration.
package struct LocalUser: Sendable {
    /// Unique; never changes.
    package let id: String
    package let email: String
    package let username: String
    package let name: String
    package let groups: [String]
    /// bcrypt or Argon2id.
    package let hash: Secret

    package init(id: String, email: String, username: String, name: String, groups: [String], hash: Secret) {
        self.id = id
        self.email = email
        self.username = username
        self.name = name
        self.groups = groups
        self.hash = hash
    }

    /// What the provider is told.
    var connectorUser: ConnectorUser {
        ConnectorUser(id: id, email: email, username: username, name: name, groups: groups)
    }
}
