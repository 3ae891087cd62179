import JOSE

/// Which grants are meant: all that fit everything that is said.
package struct GrantSelection: Sendable, Equatable {
    /// A subject, an e-mail address or a user name: how administrators name people.
    package var user: String?
    package var client: String?

    package init(user: String? = nil, client: String? = nil) {
        self.user = user
        self.client = client
    }

    package func includes(_ grant: GrantRecord) -> Bool {
        let names = [grant.subject, grant.user.claims["email"]?.string, grant.user.claims["preferred_username"]?.string]
        return (user.map { user in names.contains { $0?.utf8.elementsEqual(user.utf8) ?? false } } ?? true)
            && (client.map { $0.utf8.elementsEqual(grant.clientID.utf8) } ?? true)
    }
}
