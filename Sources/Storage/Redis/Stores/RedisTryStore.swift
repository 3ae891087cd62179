import AuthService
package import JOSE
package import OpenIDProvider

/// Tries that replicas count together, in Redis: a key each, which Redis lets go of when it is over.
package struct RedisTryStore: TryStore {
    private let database: RedisDatabase

    package init(_ database: RedisDatabase) { self.database = database }

    package func take(_ tries: [BoundedTry], now: UnixTime) async throws(ProviderStoreFailure) -> Int64? {
        let wait = try await providing { () async throws(StoreFailure) in
            try await database.count(.takeTries, Self.arguments(now, tries))
        }
        return wait > 0 ? (Int64(wait) + 999) / 1000 : nil
    }

    package func giveBack(
        _ tries: [BoundedTry], forgetting names: [SecretDigest], now: UnixTime
    ) async throws(ProviderStoreFailure) {
        _ = try await providing { () async throws(StoreFailure) in
            let forgotten: [RedisArgument] = [.number(Int64(names.count))] + names.map { .text($0.recordID) }
            return try await database.run(.giveBackTries, Self.arguments(now, tries) + forgotten)
        }
    }

    private static func arguments(_ now: UnixTime, _ tries: [BoundedTry]) -> [RedisArgument] {
        [.number(now.milliseconds), .number(Int64(tries.count))]
            + tries.flatMap { [.text($0.name.recordID), .number($0.interval), .number($0.room)] }
    }
}

extension RedisScript {
    /// `BoundedTry.known`
    private static let readTries = """
        local now = tonumber(take())
        local tries = {}
        for i = 1, tonumber(take()) do
          local key, interval, room = P .. 'try:' .. take(), tonumber(take()), tonumber(take())
          local moment = math.min(math.max(tonumber(redis.call('GET', key) or 0), now), now + room + interval)
          tries[i] = {key = key, interval = interval, room = room, moment = moment}
        end
        local function keep(key, moment)
          if moment <= now then return redis.call('DEL', key) end
          redis.call('SET', key, string.format('%.0f', moment), 'PX', string.format('%.0f', moment - now))
        end

        """

    /// Milliseconds to wait; 0: counted.
    ///
    /// Arguments: now; number, and for each try its name, interval and room.
    static let takeTries = RedisScript(
        .write,
        readTries + """
            local wait = 0
            for _, try in ipairs(tries) do wait = math.max(wait, try.moment - now - try.room) end
            if wait > 0 then return wait end
            for _, try in ipairs(tries) do keep(try.key, try.moment + try.interval) end
            return 0
            """)

    /// Arguments: as above; number, and the names that are forgotten.
    static let giveBackTries = RedisScript(
        .write,
        readTries + """
            for _, try in ipairs(tries) do keep(try.key, try.moment - try.interval) end
            for i = 1, tonumber(take()) do redis.call('DEL', P .. 'try:' .. take()) end
            return 0
            """)
}
