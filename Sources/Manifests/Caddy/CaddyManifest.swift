extension GatewayManifest {
    /// Caddy's file.
    package var caddy: [ManifestFile] {
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
                    writeCaddyConnection(&route)
                    writeCaddyCheck(&route)
                    writeCaddyRoutes(&route)
                }
            }
        }
        return [ManifestFile(name: "Caddyfile", text: text.text)]
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
            "forward_auth \(gatehouse.checkHTTP.authority) {",
            note: "When Gatehouse cannot be asked, nobody passes (502). Every answer but 2xx goes to the client."
        ) { check in
            check.line("uri /caddy")
            let credentials = takenFromTheAnswer.filter(GatewayHeaders.neededByTheCheck.contains)
            let others = takenFromTheAnswer.filter { !credentials.contains($0) }
            if !others.isEmpty { check.line("copy_headers \(others.joined(separator: " "))") }
        }
        // An empty value is not copied, so that the client's credential would go on.
        for name in takenFromTheAnswer where GatewayHeaders.neededByTheCheck.contains(name) {
            text.line("request_header -\(name)")
        }
    }

    private func writeCaddyRoutes(_ text: inout ConfigurationText) {
        let own = ownPaths.map { (expression: "^\(escaped($0))(/|$)", address: gatehouse.web) }
        let applications = upstreams.map { (expression: "^\(escaped($0.prefix))", address: $0.address) }
        text.note("By regular expression, because Caddy's path matcher takes /ECHO/ for /echo/ and rules do not.")
        for (index, route) in (own + applications).enumerated() {
            text.line("@route\(index + 1) path_regexp \(route.expression)")
            text.block("handle @route\(index + 1) {") { handle in
                handle.block("reverse_proxy \(route.address.authority) {") {
                    $0.line("flush_interval -1")
                }
            }
        }
        text.block("handle {") { $0.line("respond 404") }
    }

    private func escaped(_ path: String) -> String {
        String(path.flatMap { $0 == "." ? ["\\", "."] : [$0] })
    }

    private func bracketed(_ address: NetworkAddress) -> String {
        String(address.authority.dropLast(":\(address.port)".count))
    }
}
