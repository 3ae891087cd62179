import JOSE
import OpenIDProvider
import Settings

extension StoredUser {
    /// What administrators are told of a user: nothing that a password could be found with.
    func listing(_ accounts: UserAccounts) -> JSONValue {
        var members = JSONObject([
            ("id", .string(id)), ("email", .string(email)), ("username", .string(username)), ("name", .string(name)),
            ("groups", .strings(groups)), ("subject", .string(accounts.subject(of: self))), ("source", "storage"),
            ("state", isDisabled ? "disabled" : hash == nil ? "invited" : "active"), ("created_at", .string(createdAt.rfc3339)),
        ])
        members["password_changed_at"] = passwordChangedAt.map { .string($0.rfc3339) }
        return .object(members)
    }
}

extension UserSettings {
    var listing: JSONValue {
        let user = ConnectorUser(id: userID, claims: JSONObject())
        return [
            "id": .string(userID), "email": .string(email), "username": .string(username), "name": .string(name),
            "groups": .strings(groups), "subject": .string(Subject.of(user, connectorID: "local")), "source": "configuration",
            "state": "active",
        ]
    }
}

extension UserAccounts.Invitation {
    var listing: JSONValue { ["url": .string(url.text), "expires_at": .string(expiresAt.rfc3339)] }
}

extension PasswordRefusal {
    var sentence: String {
        switch self {
        case .tooShort(let count): "it needs \(count) characters or more"
        case .tooLong(let count): "it is longer than \(count) bytes"
        case .listed: "it is on the list of passwords that are refused"
        case .unusable: "it holds what no password may hold"
        }
    }
}
