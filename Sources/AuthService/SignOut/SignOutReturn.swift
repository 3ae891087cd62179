import JOSE

/// What travels through the provider's end session endpoint as `state` (RP-Initiated Logout §2): where to end, sealed.
struct SignOutReturn: Sendable {
    /// Absolute and checked.
    let target: String
    let startedAt: UnixTime

    static let purpose = "sign-out-state"
    /// Seconds until the way back is forgotten.
    private static let life: Int64 = 3600

    init(target: String, startedAt: UnixTime) {
        self.target = target
        self.startedAt = startedAt
    }

    init?(sealed: String, keys: SealingKeys, now: UnixTime) {
        guard sealed.utf8.count <= 8192, let bytes = keys.open(sealed), let members = (try? JSONReader.read(bytes))?.object,
            let target = members["t"]?.string, let started = members["s"]?.integer
        else { return nil }
        self.init(target: target, startedAt: UnixTime(seconds: started))
        guard startedAt <= now, now.since(startedAt) < Self.life else { return nil }
    }

    func sealed(with keys: SealingKeys) throws -> String {
        try keys.seal((["t": .string(target), "s": .integer(startedAt.seconds)] as JSONValue).jsonBytes)
    }
}
