extension GatewayManifest {
    func writeHAProxyForwarding(_ text: inout ConfigurationText) {
        text.line("http-request set-header X-Forwarded-Method %[method]", note: "What HAProxy has, never what the client says.")
        text.line("http-request set-header X-Forwarded-Uri %[pathq]")
        text.line("http-request set-header X-Forwarded-Host %[req.hdr(host)]")
        writeHAProxyClient(&text)
        text.line("http-request set-header X-Request-ID %[uuid]")
    }

    private func writeHAProxyClient(_ text: inout ConfigurationText) {
        let client = trustedHops == 0 ? "src" : "var(txn.client)"
        if trustedHops > 0 {
            let said = "req.hdr_ip(x-forwarded-for,-\(trustedHops))"
            text.line("http-request set-var(txn.client) src", note: Self.clientNote)
            text.line("http-request set-var(txn.client) \(said) if { \(said) -m found }")
        }
        let isSaid = trustedHops == 0 ? "" : " !{ req.fhdr(x-forwarded-proto) -m str http https }"
        text.line("http-request set-header X-Forwarded-Proto http if !{ ssl_fc }\(isSaid)")
        text.line("http-request set-header X-Forwarded-Proto https if { ssl_fc }\(isSaid)")
        text.line("http-request set-header X-Forwarded-For %[\(client)]")
        text.line("http-request set-header X-Real-IP %[\(client)]")
    }

    /// The script says that a request may pass by a variable: without a word from it, whatever happened, nobody does.
    func writeHAProxyCheck(_ text: inout ConfigurationText) {
        text.line("http-request lua.gatehouse")
        text.line(
            "http-request deny deny_status 503 unless { var(txn.gatehouse) -m str passes }",
            note: "Without a word from the script, whatever happened, nobody passes.")
        text.line("http-request del-header X-Forwarded-Method")
        text.line("http-request del-header X-Forwarded-Uri")
    }

    /// The decoded path, as Gatehouse compares it: for its own paths the check lets everybody pass.
    func writeHAProxyRoutes(_ text: inout ConfigurationText) {
        for path in ownPaths {
            text.line("use_backend \(Self.ownBackend) if { path,url_dec -m str \(path) } || { path,url_dec -m beg \(path)/ }")
        }
        for upstream in upstreams {
            text.line("use_backend \(backend(upstream.address)) if { path,url_dec -m beg \(upstream.prefix) }")
        }
    }

    func writeHAProxyBackends(_ text: inout ConfigurationText) {
        var seen: Set<NetworkAddress> = []
        let applications = upstreams.map(\.address).filter { seen.insert($0).inserted }
        let servers = [(Self.ownBackend, server(gatehouse.web))] + applications.map { (backend($0), $0.authority) }
        for (name, server) in servers {
            text.blank()
            text.block("backend \(name)", closing: nil) {
                if name == Self.ownBackend { writeHAProxySecret(&$0) }
                $0.line("server only \(server)")
            }
        }
        if needsRelay { writeHAProxyRelay(&text) }
    }

    private static let ownBackend = "gatehouse_web"

    /// Gatehouse's own pages ask for it, as the check does; the script has it.
    private func writeHAProxySecret(_ text: inout ConfigurationText) {
        guard gatehouse.proxySecret != nil else { return }
        text.line("http-request set-header \(Self.secretHeader) %[var(txn.gatehouse_secret)]")
    }

    /// The script's client speaks neither with a certificate nor over a Unix socket: what it cannot reach by itself is
    /// reached through HAProxy.
    var needsRelay: Bool {
        if case .unix = gatehouse.checkHTTP.place { true } else { gatehouse.checkHTTP.tls != nil }
    }

    /// An abstract socket of this machine; its name tells several HAProxies apart.
    var relayAddress: String { "abns@gatehouse-check-\(listeners.first?.port ?? 0)" }

    private func writeHAProxyRelay(_ text: inout ConfigurationText) {
        text.blank()
        text.block("listen gatehouse_check", closing: nil) {
            $0.line("bind \(relayAddress)", note: "For the script, which could not reach the check by itself.")
            $0.line("http-request set-log-level silent")
            $0.line("server only \(server(gatehouse.checkHTTP))")
        }
    }

    private func server(_ listener: GatehouseListener) -> String {
        let place =
            switch listener.place {
            case .tcp(let address): address.authority
            case .unix(let path): "unix@\(path)"
            }
        guard let tls = listener.tls else { return place }
        let own = tls.client.map { " crt \($0.certificate)" } ?? ""
        return place
            + " ssl verify required ca-file \(tls.authority) verifyhost \(tls.serverName) sni str(\(tls.serverName))"
            + " ssl-min-ver TLSv1.2\(own)"
    }

    private func backend(_ address: NetworkAddress) -> String {
        "app_" + String(address.authority.map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "_" })
    }
}
