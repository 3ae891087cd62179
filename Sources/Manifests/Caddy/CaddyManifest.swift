extension GatewayManifest {
    /// Caddy's file.
    package func caddy() -> [ManifestFile] {
        var text = ConfigurationText(indent: "\t")
        text.note(ConfigurationText.origin("Caddy", command: "caddy"))
        text.block("{") {
            $0.line("admin off", note: "Whoever reaches the admin interface can open the gate.")
            $0.line("persist_config off")
            $0.line("auto_https off")
        }
        text.blank()
        for listener in listeners {
            text.block("http://:\(listener.port) {") { site in
                site.line("bind \(bracketed(listener))")
                site.block(
                    "route {", note: "In this order: Caddy's own would ask Gatehouse before anything is removed."
                ) { route in
                    writeCaddyRemovals(&route)
                    writeCaddyClient(&route)
                    writeCaddyConnection(&route)
                    writeCaddyCheck(&route)
                    writeCaddyRoutes(&route)
                }
            }
        }
        return [ManifestFile(name: "Caddyfile", text: text.text, isPrivate: gatehouse.proxySecret != nil)]
    }

    private func writeCaddyRemovals(_ text: inout ConfigurationText) {
        text.note("No client may send these. Kubeflow_Userid reads as kubeflow-userid in many applications.")
        text.line("request_header -*_*")
        for name in strippedBeforeTheCheck + GatewayHeaders.untrustedForwarding { text.line("request_header -\(name)") }
        for beginning in strippedBeginnings { text.line("request_header -\(beginning)*") }
    }

    /// Caddy drops what Connection names when it passes a request on: `Connection: kubeflow-userid` would take our header.
    private func writeCaddyConnection(_ text: inout ConfigurationText) {
        text.line("@upgrade header Upgrade *", note: "A client's Connection header must not name what Caddy then drops.")
        text.line("@plain not header Upgrade *")
        text.line("request_header @upgrade Connection Upgrade")
        text.line("request_header @plain -Connection")
    }

    private func writeCaddyCheck(_ text: inout ConfigurationText) {
        text.block(
            "forward_auth \(dialled(gatehouse.checkHTTP)) {",
            note: "When Gatehouse cannot be asked, nobody passes (502). Every answer but 2xx goes to the client."
        ) { check in
            check.line("uri /caddy")
            writeCaddySecret(&check)
            writeCaddyForwarding(&check)
            writeCaddyTLS(gatehouse.checkHTTP, &check)
            let identity = takenFromTheAnswer.filter { !credentialsFromTheAnswer.contains($0) }
            if !identity.isEmpty { check.line("copy_headers \(identity.joined(separator: " "))") }
        }
        text.note(
            "What goes on of the client's cookies and credential, from the answer. copy_headers would leave the client's own where\nthe answer has an empty one."
        )
        for name in credentialsFromTheAnswer {
            let answer = "{http.reverse_proxy.header.\(name == "cookie" ? "Cookie" : "Authorization")}"
            text.line("@\(name) not vars \(answer) \"\"")
            text.line("request_header -\(name)")
            text.line("request_header @\(name) \(name) \(answer)")
        }
    }

    private func writeCaddySecret(_ text: inout ConfigurationText) {
        if let secret = gatehouse.proxySecret { text.line("header_up \(Self.secretHeader) \(secret)") }
    }

    private func writeCaddyRoutes(_ text: inout ConfigurationText) {
        let own = ownPaths.map { (expression: "^\(escapingDots($0))(/|$)", listener: gatehouse.web, isOwn: true) }
        let applications = upstreams.map {
            (expression: "^\(escapingDots($0.prefix))", listener: GatehouseListener(.tcp($0.address)), isOwn: false)
        }
        text.note("By regular expression, because Caddy's path matcher takes /ECHO/ for /echo/ and rules do not.")
        for (index, route) in (own + applications).enumerated() {
            text.line("@route\(index + 1) path_regexp \(route.expression)")
            text.block("handle @route\(index + 1) {") { handle in
                handle.block("reverse_proxy \(dialled(route.listener)) {") {
                    $0.line("flush_interval -1")
                    if route.isOwn { writeCaddySecret(&$0) }
                    writeCaddyForwarding(&$0)
                    writeCaddyTLS(route.listener, &$0)
                }
            }
        }
        text.block("handle {") { $0.line("respond 404") }
    }

    private func dialled(_ listener: GatehouseListener) -> String {
        switch listener.place {
        case .tcp(let address): address.authority
        case .unix(let path): "unix/\(path)"
        }
    }

    private func writeCaddyTLS(_ listener: GatehouseListener, _ text: inout ConfigurationText) {
        guard let tls = listener.tls else { return }
        text.block(
            "transport http {",
            note: "Another Gatehouse than ours could let anybody in: its certificate must be of our authority, for our name."
        ) {
            $0.line("tls")
            $0.line("tls_trust_pool file \(tls.authority)")
            $0.line("tls_server_name \(tls.serverName)")
            if let client = tls.client { $0.line("tls_client_auth \(client.certificate) \(client.key)") }
            // Nothing else is spoken behind the two listeners.
            $0.line("versions 1.1")
        }
    }

    private func bracketed(_ address: NetworkAddress) -> String {
        String(address.authority.dropLast(":\(address.port)".count))
    }
}
