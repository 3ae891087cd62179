package import Instruments

extension Sessions {
    /// What is in memory, and how often that was enough.
    package var families: [MetricFamily] {
        let figures = cache.figures
        return [
            MetricFamily(
                "gatehouse_session_cache_lookups_total", .counter, "Looks for a session in memory.",
                [.init(Double(figures.hits), [("result", "hit")]), .init(Double(figures.misses), [("result", "miss")])]),
            MetricFamily("gatehouse_session_cache_sessions", .gauge, "Sessions in memory.", [.init(Double(figures.sessions))]),
            MetricFamily(
                "gatehouse_session_cache_bytes", .gauge, "Bytes that they take, about.", [.init(Double(figures.bytes))]),
        ]
    }
}
