package import JOSE

/// Accounts as text, for stores that keep a session's in one column.
extension SSOAccount {
    package var json: JSONValue {
        var members = JSONObject([
            ("id", .string(id)), ("connector", .string(connectorID)), ("login", .string(login)), ("user", .string(user.id)),
            ("claims", .object(user.claims)), ("sub", .string(subject)), ("auth_time", .integer(authTime.seconds)),
            ("amr", .strings(authentication.amr)), ("acr", .string(authentication.acr)), ("clients", .strings(clients)),
        ])
        members["second_factor_at"] = secondFactorAt.map { .integer($0.seconds) }
        return .object(members)
    }

    /// `nil` for what `json` never made.
    package init?(json: JSONValue) {
        guard let members = json.object, let id = members["id"]?.string, let connector = members["connector"]?.string,
            let login = members["login"]?.string, let user = members["user"]?.string, let claims = members["claims"]?.object,
            let subject = members["sub"]?.string, let authTime = members["auth_time"]?.integer,
            let amr = members["amr"]?.stringList, let acr = members["acr"]?.string, let clients = members["clients"]?.stringList
        else { return nil }
        self.init(
            id: id, connectorID: connector, login: login, user: ConnectorUser(id: user, claims: claims), subject: subject,
            authTime: UnixTime(seconds: authTime), authentication: Authentication(amr: amr, acr: acr),
            secondFactorAt: members["second_factor_at"]?.integer.map { UnixTime(seconds: $0) }, clients: clients)
    }
}
