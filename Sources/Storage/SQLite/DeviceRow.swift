import FoundationEssentials
import GRDB
import JOSE
import OpenIDConnect
import OpenIDProvider

/// A device authorization as a row of `devices`.
enum DeviceRow {
    private static func values(_ device: DeviceRecord) -> [(any DatabaseValueConvertible)?] {
        let (state, grantID) = stored(device.state)
        return [
            Data(device.key.bytes), Data(device.userCode.bytes), device.clientID, device.scope.text, device.expiresAt.seconds,
            device.interval, device.askedAt?.seconds, state, grantID, device.version,
        ]
    }

    /// - Returns: whether the user code was free.
    static func insert(_ device: DeviceRecord, _ db: Database) throws -> Bool {
        try db.execute(
            sql: "INSERT OR IGNORE INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: StatementArguments(values(device)))
        return db.changesCount == 1
    }

    /// - Returns: whether the stored row was the version before.
    static func replace(_ device: DeviceRecord, _ db: Database) throws -> Bool {
        let (expected, overflow) = device.version.subtractingReportingOverflow(1)
        guard !overflow else { return false }
        let (state, grantID) = stored(device.state)
        try db.execute(
            sql: """
                UPDATE devices SET interval = ?, asked_at = ?, state = ?, grant_id = ?, version = ? WHERE key = ? AND version = ?
                """,
            arguments: [
                device.interval, device.askedAt?.seconds, state, grantID, device.version, Data(device.key.bytes), expected,
            ])
        return db.changesCount == 1
    }

    static func read(_ row: Row) throws -> DeviceRecord {
        let key: Data = row["key"]
        let userCode: Data = row["user_code"]
        let askedAt: Int64? = row["asked_at"]
        guard let scope = Scope(parsing: row["scope"] as String), let state = state(row["state"], grantID: row["grant_id"]) else {
            throw ProviderStoreFailure(detail: "a device's row is damaged")
        }
        return DeviceRecord(
            key: SecretDigest(bytes: [UInt8](key)), userCode: SecretDigest(bytes: [UInt8](userCode)), clientID: row["client"],
            scope: scope, expiresAt: UnixTime(seconds: row["expires_at"]), interval: row["interval"],
            askedAt: askedAt.map { UnixTime(seconds: $0) }, state: state, version: row["version"])
    }

    private static func stored(_ state: DeviceRecord.State) -> (state: String, grantID: String?) {
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
