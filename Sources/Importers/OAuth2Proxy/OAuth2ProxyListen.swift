import Manifests

/// Where it listens: pages keep the proxy's port, the check gets ports of its own.
enum OAuth2ProxyListen {
    static func read(_ options: ForeignValue) -> YAMLValue? {
        let web = listener(options, clear: "http_address", secure: "https_address", "")
        let admin = listener(options, clear: "metrics_address", secure: "metrics_secure_address", "metrics_")
        let near = ["127.", "localhost:", "[::1]:", "unix:"]
        let isOpen = (web?["address"]?.text ?? web?.text).map { place in !near.contains { place.hasPrefix($0) } } ?? false
        if web != nil {
            let ports = isOpen ? "0.0.0.0:9001 (HTTP) and 0.0.0.0:9002 (gRPC)" : "127.0.0.1:9001 (HTTP) and 127.0.0.1:9002 (gRPC)"
            let given = web?["tls"] == nil ? options.take("http_address") : options.take("https_address")
            given?.say(.note, "here are the pages; the gateway asks about requests at \(ports)")
        }
        return entries(
            ("web", web), ("checkHTTP", isOpen ? "0.0.0.0:9001" : nil), ("checkGRPC", isOpen ? "0.0.0.0:9002" : nil),
            ("admin", admin), ("trustedProxies", trustedProxies(options)))
    }

    private static func listener(_ options: ForeignValue, clear: String, secure: String, _ beginning: String) -> YAMLValue? {
        let (certificate, key) = (options.text(beginning + "tls_cert_file"), options.text(beginning + "tls_key_file"))
        guard let certificate, let key, !certificate.isEmpty else {
            for one in ["tls_cert_file", "tls_key_file"] {
                options.leave(beginning + one, .todo, "TLS needs both a certificate and its key: it listens in clear text")
            }
            return address(options.take(clear)).map { .string($0) }
        }
        let least = options.word(beginning + "tls_min_version", of: ["TLS1.2", "TLS1.3"])
        let place = address(options.take(secure)) ?? (beginning.isEmpty ? "0.0.0.0:443" : "0.0.0.0:9003")
        if options.take(secure) != nil {
            options.leave(clear, "one address speaks either in clear text or TLS: this one does not listen")
        } else {
            _ = options.take(clear)
        }
        return entries(
            ("address", .string(place)),
            (
                "tls",
                entries(
                    ("certificate", YAMLValue.string(certificate).asFile), ("key", YAMLValue.string(key).asFile),
                    ("minimumVersion", least == "TLS1.3" ? "1.3" : nil))
            ))
    }

    /// `[http://]host:port`, `unix://path`.
    private static func address(_ value: ForeignValue?) -> String? {
        guard let value, let text = value.text, !text.isEmpty, text != "-" else { return nil }
        let bare =
            ["http://", "https://"].first { text.lowercased().hasPrefix($0) }.map { String(text.dropFirst($0.count)) } ?? text
        if bare.hasPrefix("unix://") {
            let path = bare.dropFirst("unix://".count).prefix { $0 != "," }
            if path.count + "unix://".count < bare.count { value.say(.note, "who may connect is a matter of the folder's mode") }
            return "unix:" + path
        }
        guard !bare.lowercased().hasPrefix("fd:") else {
            value.say(.lost, "sockets that are handed over are not taken: it listens where `listen.web` says")
            return nil
        }
        return bare.hasPrefix(":") ? "0.0.0.0" + bare : bare
    }

    private static func trustedProxies(_ options: ForeignValue) -> YAMLValue? {
        let isBehind = options.flag("reverse_proxy")
        let given = options.texts("trusted_proxy_ips").map(ForeignText.network)
        if !given.isEmpty { return .strings(given) }
        if isBehind {
            options.take("reverse_proxy")?.say(
                .note,
                "what proxies tell counts from loopback and private ranges, not from everybody: see `listen.trustedProxies`")
        }
        return nil
    }
}
