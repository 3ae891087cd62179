import Settings

/// A server that the configuration names and that we connect to ourselves.
struct Correspondent: Sendable, Hashable {
    /// Whose certificate will do.
    struct Trust: Sendable, Hashable {
        /// PEM; nil: the system's authorities.
        var authorities: [UInt8]?
        var verifies = true
    }

    /// What the file calls it: `provider corp`.
    var subject: String
    /// A name, or an address without brackets.
    var host: String
    var port: Int
    /// nil: clear text.
    var trust: Trust?
    /// Whether nobody can sign in without it, or only something beside that fails.
    var isNeeded = true
    /// Whether a proxy connects to it, so that nothing is to be said from here.
    var isProxied = false

    init(_ subject: String, _ url: ConfiguredURL, trust: Trust = Trust(), isNeeded: Bool = true, isProxied: Bool = false) {
        self.init(
            subject, host: url.host, port: url.effectivePort, trust: url.isSecure ? trust : nil, isNeeded: isNeeded,
            isProxied: isProxied)
    }

    init(_ subject: String, host: String, port: Int, trust: Trust?, isNeeded: Bool = true, isProxied: Bool = false) {
        self.subject = subject
        self.host = host
        self.port = port
        self.trust = trust
        self.isNeeded = isNeeded
        self.isProxied = isProxied
    }

    /// `host:port`, IPv6 in brackets.
    var place: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
}
