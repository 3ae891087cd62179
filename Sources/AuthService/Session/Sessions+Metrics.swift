package import Instruments
import JOSE

extension Sessions {
    /// Since how many seconds what other replicas have changed may not be known here; `nil` before it was asked for.
    package var unfollowedSeconds: Int64? { cache.unfollowed(clock.now) }

    /// What is in memory, and how often that was enough.
    package var families: [MetricFamily] {
        let figures = cache.figures
        let unfollowed = unfollowedSeconds.map { [MetricFamily.Sample(Double($0))] } ?? []
        return [
            MetricFamily(
                "gatehouse_session_changes_age_seconds", .gauge,
                "Since when changes of sessions in the store may not be known here.", unfollowed),
            MetricFamily(
                "gatehouse_session_cache_lookups_total", .counter, "Looks for a session in memory.",
                [.init(Double(figures.hits), [("result", "hit")]), .init(Double(figures.misses), [("result", "miss")])]),
            MetricFamily("gatehouse_session_cache_sessions", .gauge, "Sessions in memory.", [.init(Double(figures.sessions))]),
            MetricFamily(
                "gatehouse_session_cache_bytes", .gauge, "Bytes that they take, about.", [.init(Double(figures.bytes))]),
        ]
    }
}
