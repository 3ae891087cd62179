/// What a session was begun with, as far as the browser and the gateway told: for people who look at their sessions, never for
/// a decision.
package struct SessionDevice: Sendable, Equatable {
    /// Browser and system in our own words, as `Firefox on Linux`; empty where they are unknown.
    package var userAgent: String
    /// The client's address; empty where the gateway does not tell.
    package var address: String

    package init(userAgent: String = "", address: String = "") {
        self.userAgent = userAgent
        self.address = address
    }

    /// The first that is found counts: browsers name those that they descend from, too.
    private static let browsers: [(mark: String, name: String)] = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ]

    private static let systems: [(mark: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ]

    /// - Parameter userAgent: the header's value; anybody's text, of which nothing is kept.
    init(userAgentHeader userAgent: String?, address: String) {
        let text = String((userAgent ?? "").prefix(512))
        let browser = Self.browsers.first { text.contains($0.mark) }?.name
        let system = Self.systems.first { text.contains($0.mark) }?.name
        self.init(userAgent: [browser, system].compactMap { $0 }.joined(separator: " on "), address: String(address.prefix(64)))
    }
}
