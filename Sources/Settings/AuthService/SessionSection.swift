import Yams

/// `authService.session`
enum SessionSection {
    static let idle = Key.defaulted("idle", .duration(atLeast: 60, atMost: year), 43200, "Ends after so long without a request.")
    static let lifetime = Key.defaulted(
        "lifetime", .duration(atLeast: 60, atMost: year), 604800, "Ends so long after the sign-in, whatever happens.")
    static let store = Key.defaulted(
        "store", .choice(), SessionSettings.Store.server,
        "Where sessions are kept: `server` means in `storage`, `cookie` in the cookie itself, encrypted.")

    static let refreshGrace = Key.defaulted(
        "refreshGrace", .duration(atLeast: 1, atMost: year), 3600,
        "How long a session goes on whose provider cannot be asked for new tokens.")
    static let limitPerUser = Key.optional(
        "limitPerUser", .count(1...1000), "How many sessions one user may have at once; the oldest end.")
    static let remember = Key.defaulted(
        "remember", rememberShape, SessionSettings.Remember.always,
        "Whether browsers keep the session cookie when they are closed; with `ask` people choose when they sign in.")

    static let cache = Key.defaulted(
        "cache", .byteCount(1024 * 1024...1 << 40), 256 << 20,
        "Memory for the sessions used lately, about 500 bytes each; the others are read from `storage` when they come.")

    static let section = Section(
        "session",
        [
            idle.listed, lifetime.listed, store.listed, refreshGrace.listed, limitPerUser.listed, remember.listed, cache.listed,
        ]
    ) { fields in
        let settings = SessionSettings(
            idle: fields(idle), lifetime: fields(lifetime), store: fields(store), refreshGrace: fields(refreshGrace),
            limitPerUser: fields(limitPerUser), remember: fields(remember), cache: fields(cache))
        if settings.store == .cookie, settings.limitPerUser != nil {
            fields.reading.error(
                "nobody can count sessions that live in their cookies", "remove `limitPerUser`, or write `store: server`",
                at: fields.given(limitPerUser.name))
        }
        return settings
    }

    static let year: Int64 = 366 * 86400

    private static let rememberShape = Shape<SessionSettings.Remember>(
        schema: .object([("enum", .array([.boolean(true), .boolean(false), .text("ask")]))]),
        read: { node, reading in
            switch node.scalar?.string {
            case "true": .always
            case "false": .never
            case "ask": .ask
            default: reading.refuse("`true`, `false` or `ask` belongs here", "write one of them", node)
            }
        },
        show: { value in
            switch value {
            case .always: .boolean(true)
            case .never: .boolean(false)
            case .ask: .text("ask")
            }
        })
}
