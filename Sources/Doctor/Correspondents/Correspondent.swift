import JOSE
import Settings

/// A server that the configuration names and that we connect to ourselves.
struct Correspondent: Sendable, Hashable {
    /// Whose certificate will do, and which is ours.
    struct Trust: Sendable, Hashable {
        /// PEM; nil: the system's authorities.
        var authorities: [UInt8]?
        var verifies = true
        /// What we show.
        var certificate: ClientCertificate?
    }

    /// In PEM. Two are one where their certificates are: the key follows.
    struct ClientCertificate: Sendable, Hashable {
        var certificate: [UInt8]
        var key: Secret

        /// nil where one of the two is missing.
        init?(_ certificate: [UInt8]?, _ key: Secret?) {
            guard let certificate, let key else { return nil }
            self.certificate = certificate
            self.key = key
        }

        static func == (one: Self, other: Self) -> Bool { one.certificate == other.certificate }

        func hash(into hasher: inout Hasher) { hasher.combine(certificate) }
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
