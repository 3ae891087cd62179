/// `authService.session`
enum SessionSection {
    static let idle = Key.defaulted("idle", .duration(atLeast: 60, atMost: year), 43200, "Ends after so long without a request.")
    static let lifetime = Key.defaulted(
        "lifetime", .duration(atLeast: 60, atMost: year), 604800, "Ends so long after the sign-in, whatever happens.")
    static let store = Key.defaulted(
        "store", .choice(notYet: ["cookie"]), SessionSettings.Store.server,
        "Where sessions are kept: `server` means in `storage`.")

    static let section = Section("session", [idle.listed, lifetime.listed, store.listed]) { fields in
        SessionSettings(idle: fields(idle), lifetime: fields(lifetime), store: fields(store))
    }

    static let year: Int64 = 366 * 86400
}
