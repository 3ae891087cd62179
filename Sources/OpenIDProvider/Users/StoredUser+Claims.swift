package import Accounts
import JOSE

extension ConnectorUser {
    /// A user whom an operator or an administrator wrote down: the e-mail address counts as verified.
    package init(id: String, email: String, username: String, name: String, groups: [String]) {
        self.init(
            id: id,
            claims: JSONObject([
                ("email", .string(email)), ("email_verified", true), ("name", .string(name)),
                ("preferred_username", .string(username)), ("groups", .strings(groups)),
            ]))
    }
}

extension StoredUser {
    package var connectorUser: ConnectorUser {
        ConnectorUser(id: id, email: email, username: username, name: name, groups: groups)
    }
}

extension UserAccounts {
    /// Whom an audit line is about.
    package func identity(of user: StoredUser) -> Identity {
        Identity(issuer: issuer.settings.issuer, subject: subject(of: user), claims: user.connectorUser.claims)
    }
}
