import AuthService
package import JOSE
import OpenIDConnect
package import OpenIDProvider

/// What the provider keeps for minutes, in Redis.
package struct RedisTransientStore: TransientStore {
    private let database: RedisDatabase

    package init(_ database: RedisDatabase) { self.database = database }

    package func create(_ device: DeviceRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in
            try await database.create([DeviceFields.record(device)], within: .init(kind: .device, limit: limit)) == .created
        }
    }

    package func device(_ key: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.fields(.device, key.recordID, DeviceFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try DeviceFields.read(stored) }
    }

    package func device(userCode: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.select(
                .device, RecordChoice(set: DeviceFields.userCodeSet(userCode)), limit: 1, DeviceFields.all)
        }
        return try stored.first.map { stored throws(ProviderStoreFailure) in try DeviceFields.read(stored) }
    }

    package func replace(_ device: DeviceRecord) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.replace(DeviceFields.record(device)) }
    }

    package func push(_ request: PushedRequestRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in
            try await database.create([RequestFields.record(request)], within: .init(kind: .request, limit: limit)) == .created
        }
    }

    package func takePushedRequest(_ key: SecretDigest) async throws(ProviderStoreFailure) -> PushedRequestRecord? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.takeOut(.request, key.recordID, ["b"])
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try RequestFields.read(stored, key) }
    }

    package func takeOnce(_ name: SecretDigest, until: UnixTime) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in
            let command: [RedisArgument] = [
                "ZADD", database.key("taken"), "NX", .number(until.seconds), .bytes(name.bytes),
            ]
            return try await database.command(.write, command) == .integer(1)
        }
    }

    package func isTaken(_ name: SecretDigest) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in
            try await database.command(.read, ["ZSCORE", database.key("taken"), .bytes(name.bytes)]) != .null
        }
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await providing { () async throws(StoreFailure) in
            try await database.count(.sweepTransients, [.number(expiredAt.seconds), .number(Int64(min(limit, 1000)))])
        }
    }
}

/// A pushed authorization request as a record.
enum RequestFields {
    static func record(_ request: PushedRequestRecord) -> RedisRecord {
        var body = RecordWriter()
        body.write(request.clientID)
        body.write(request.parameters)
        body.write(request.expiresAt)
        return RedisRecord(.request, id: request.key.recordID, expiresAt: request.expiresAt, body: body)
    }

    static func read(_ stored: StoredFields, _ key: SecretDigest) throws(ProviderStoreFailure) -> PushedRequestRecord {
        try reading("a pushed request") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            return PushedRequestRecord(
                key: key, clientID: try body.text(), parameters: try body.text(), expiresAt: try body.moment())
        }
    }
}

/// A device authorization as a record.
enum DeviceFields {
    static let all: [RedisArgument] = ["b", "v"]

    static func userCodeSet(_ code: SecretDigest) -> String { setName("c", code.recordID) }

    static func record(_ device: DeviceRecord) -> RedisRecord {
        var body = RecordWriter()
        body.write(device.userCode.bytes)
        body.write(device.clientID)
        body.write(device.scope.values)
        body.write(device.expiresAt)
        body.write(device.interval)
        body.writeIfAny(device.askedAt) { $0.write($1) }
        let (state, grantID) = stored(device.state)
        body.write(state)
        body.writeIfAny(grantID) { $0.write($1) }
        return RedisRecord(
            .device, id: device.key.recordID, version: device.version, expiresAt: device.expiresAt,
            unique: [userCodeSet(device.userCode)], body: body)
    }

    static func read(_ stored: StoredFields) throws(ProviderStoreFailure) -> DeviceRecord {
        try reading("a device") { () throws(RecordReader.Damaged) in
            guard let key = SecretDigest(recordID: stored.id) else { throw RecordReader.Damaged() }
            var body = try stored.reader()
            return DeviceRecord(
                key: key, userCode: SecretDigest(bytes: try body.bytes()), clientID: try body.text(),
                scope: Scope(try body.texts()), expiresAt: try body.moment(), interval: try body.number(),
                askedAt: try body.possibleMoment(), state: try state(&body), version: try stored.number(1))
        }
    }

    private static func stored(_ state: DeviceRecord.State) -> (state: String, grantID: String?) {
        switch state {
        case .pending: ("pending", nil)
        case .approved(let grantID): ("approved", grantID)
        case .denied: ("denied", nil)
        case .used: ("used", nil)
        }
    }

    private static func state(_ body: inout RecordReader) throws(RecordReader.Damaged) -> DeviceRecord.State {
        switch (try body.text(), try body.possibleText()) {
        case ("pending", _): .pending
        case ("approved", let grantID?): .approved(grantID: grantID)
        case ("denied", _): .denied
        case ("used", _): .used
        default: throw RecordReader.Damaged()
        }
    }
}
