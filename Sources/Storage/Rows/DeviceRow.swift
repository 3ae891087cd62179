import JOSE
import OpenIDConnect
import OpenIDProvider

/// A device authorization as a row of `devices`.
enum DeviceRow {
    static let columns = [
        "key", "user_code", "client", "scope", "expires_at", "interval", "asked_at", "state", "grant_id", "version",
    ]

    static func values(_ device: DeviceRecord) -> [ColumnValue] {
        let (state, grantID) = stored(device.state)
        return [
            .of(device.key.bytes), .of(device.userCode.bytes), .of(device.clientID), .of(device.scope.text),
            .of(device.expiresAt.seconds), .of(device.interval), .of(device.askedAt?.seconds), .of(state), .of(grantID),
            .of(device.version),
        ]
    }

    static func read(_ row: some StoredRow) throws -> DeviceRecord {
        guard let scope = Scope(parsing: try row.text("scope")),
            let state = state(try row.text("state"), grantID: try row.possibleText("grant_id"))
        else { throw ProviderStoreFailure(detail: "a device's row is damaged") }
        return DeviceRecord(
            key: SecretDigest(bytes: try row.bytes("key")), userCode: SecretDigest(bytes: try row.bytes("user_code")),
            clientID: try row.text("client"), scope: scope, expiresAt: try row.moment("expires_at"),
            interval: try row.integer("interval"), askedAt: try row.possibleMoment("asked_at"), state: state,
            version: try row.integer("version"))
    }

    static func stored(_ state: DeviceRecord.State) -> (state: String, grantID: String?) {
        switch state {
        case .pending: ("pending", nil)
        case .approved(let grantID): ("approved", grantID)
        case .denied: ("denied", nil)
        case .used: ("used", nil)
        }
    }

    private static func state(_ name: String, grantID: String?) -> DeviceRecord.State? {
        switch (name, grantID) {
        case ("pending", _): .pending
        case ("approved", let grantID?): .approved(grantID: grantID)
        case ("denied", _): .denied
        case ("used", _): .used
        default: nil
        }
    }
}

/// A pushed authorization request as a row of `pushed_requests`.
enum PushedRequestRow {
    static let columns = ["key", "client", "parameters", "expires_at"]

    static func values(_ request: PushedRequestRecord) -> [ColumnValue] {
        [.of(request.key.bytes), .of(request.clientID), .of(request.parameters), .of(request.expiresAt.seconds)]
    }

    static func read(_ row: some StoredRow) throws -> PushedRequestRecord {
        PushedRequestRecord(
            key: SecretDigest(bytes: try row.bytes("key")), clientID: try row.text("client"),
            parameters: try row.text("parameters"), expiresAt: try row.moment("expires_at"))
    }
}
