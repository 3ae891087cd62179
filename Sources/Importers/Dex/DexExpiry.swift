import Manifests

/// `expiry`: how long tokens and keys live.
enum DexExpiry {
    private static let hour: Int64 = 3600
    private static let day: Int64 = 86_400
    private static let years: Int64 = 5 * 366 * day

    static func tokens(_ dex: ForeignValue) -> YAMLValue {
        let expiry = dex.take("expiry")
        // Dex has one lifetime for both, a day without a word.
        let lifetime = expiry?.duration("idTokens", 60...(7 * day)) ?? "24h"
        return entries(("idToken", lifetime), ("accessToken", lifetime), ("refresh", expiry.flatMap(refresh)))
    }

    /// After `tokens`: it tells of what neither has read.
    static func keys(_ dex: ForeignValue) -> YAMLValue {
        guard let expiry = dex.take("expiry") else { return entries() }
        let rotation = expiry.duration("signingKeys", (2 * hour)...years)
        expiry.leave("authRequests", .note, "a sign-in that was begun has a time of its own here")
        expiry.leave("deviceRequests", .note, "a device's code has a time of its own here")
        expiry.leaveRest()
        return entries(("rotateAfter", rotation))
    }

    private static func refresh(_ expiry: ForeignValue) -> YAMLValue? {
        guard let refresh = expiry.take("refreshTokens") else { return nil }
        refresh.leave("disableRotation", "refresh tokens of public clients change with every use (RFC 9700)")
        let result = entries(
            ("idle", refresh.duration("validIfNotUsedFor", 60...years)),
            ("lifetime", refresh.duration("absoluteLifetime", 60...years)),
            ("reuseWindow", refresh.duration("reuseInterval", 0...300)))
        refresh.leaveRest()
        return result.unlessEmpty
    }
}
