import JOSE
import OpenIDConnect
import OpenIDProvider

/// Reads a record of the provider's.
func reading<Value>(
    _ what: String, _ read: () throws(RecordReader.Damaged) -> Value
) throws(ProviderStoreFailure) -> Value {
    do throws(RecordReader.Damaged) { return try read() } catch {
        throw ProviderStoreFailure(detail: "\(what)'s record is damaged")
    }
}

/// A grant as a record. Fields: `s` its session, `o` whether it has `offline_access`.
enum GrantFields {
    static let all: [RedisArgument] = ["b", "v"]

    static func record(_ grant: GrantRecord) -> RedisRecord {
        var body = RecordWriter()
        for text in [grant.sessionID, grant.clientID, grant.subject, grant.connectorID, grant.user.id] { body.write(text) }
        body.write(grant.user.claims)
        body.write(grant.authTime)
        body.write(grant.authentication.amr)
        body.write(grant.authentication.acr)
        body.write(grant.scope.values)
        body.write(grant.createdAt)
        body.write(grant.expiresAt)
        body.writeIfAny(grant.refresh) { body, family in
            body.write(family.handle.bytes)
            body.write(family.key)
            body.write(family.generation)
            body.write(family.rotatedAt)
        }
        body.write(grant.claims.userinfo)
        body.write(grant.claims.idToken)
        let people = [grant.subject, grant.user.claims["email"]?.string, grant.user.claims["preferred_username"]?.string]
        return RedisRecord(
            .grant, id: grant.id, version: grant.version, order: grant.createdAt, expiresAt: grant.expiresAt,
            unique: grant.refresh.map { [handleSet($0.handle)] } ?? [],
            names: ["all", setName("s", grant.sessionID), setName("u", grant.subject), setName("c", grant.clientID)]
                + people.compactMap { $0 }.map { setName("n", $0) },
            body: body,
            fields: [("s", .text(grant.sessionID)), ("o", grant.scope.contains("offline_access") ? "1" : "0")])
    }

    static func handleSet(_ handle: SecretDigest) -> String { setName("r", Base64URL.encode(handle.bytes)) }

    static func read(_ stored: StoredFields) throws(ProviderStoreFailure) -> GrantRecord {
        try reading("a grant") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            let (session, client, subject, connector) = (try body.text(), try body.text(), try body.text(), try body.text())
            let user = ConnectorUser(id: try body.text(), claims: try body.members())
            let authTime = try body.moment()
            let authentication = Authentication(amr: try body.texts(), acr: try body.text())
            let scope = Scope(try body.texts())
            let (createdAt, expiresAt) = (try body.moment(), try body.moment())
            let refresh = try family(&body)
            return GrantRecord(
                id: stored.id, sessionID: session, clientID: client, subject: subject, connectorID: connector, user: user,
                authTime: authTime, authentication: authentication, scope: scope,
                claims: SingleClaims(userinfo: try body.texts(), idToken: try body.texts()), createdAt: createdAt,
                expiresAt: expiresAt, refresh: refresh, version: try stored.number(1))
        }
    }

    private static func family(_ body: inout RecordReader) throws(RecordReader.Damaged) -> RefreshFamily? {
        guard try body.flag() else { return nil }
        return RefreshFamily(
            handle: SecretDigest(bytes: try body.bytes()), key: try body.bytes(), generation: try body.number(),
            rotatedAt: try body.moment())
    }
}

/// An authorization code as a record. Field `u`: whether it is used.
enum CodeFields {
    static let all: [RedisArgument] = ["b", "u"]

    static func record(_ code: AuthorizationCodeRecord) -> RedisRecord {
        var body = RecordWriter()
        for text in [code.grantID, code.clientID, code.redirectURI] { body.write(text) }
        body.writeIfAny(code.nonce) { $0.write($1) }
        body.writeIfAny(code.codeChallenge) { $0.write($1) }
        body.write(code.expiresAt)
        return RedisRecord(
            .code, id: code.key.recordID, expiresAt: code.expiresAt, body: body, fields: [("u", code.isUsed ? "1" : "0")])
    }

    static func read(_ stored: StoredFields, _ key: SecretDigest) throws(ProviderStoreFailure) -> AuthorizationCodeRecord {
        try reading("a code") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            return AuthorizationCodeRecord(
                key: key, grantID: try body.text(), clientID: try body.text(), redirectURI: try body.text(),
                nonce: try body.possibleText(), codeChallenge: try body.possibleText(), expiresAt: try body.moment(),
                isUsed: stored[1].text != "0")
        }
    }
}

extension SecretDigest {
    /// As part of a key.
    var recordID: String { Base64URL.encode(bytes) }

    /// `nil` for what no digest was ever called.
    init?(recordID: String) {
        guard let bytes = Base64URL.decode(recordID), bytes.count == 32 else { return nil }
        self.init(bytes: bytes)
    }
}
