extension GatewayManifest {
    /// The client's address: nginx's own peer, or what the proxies in front say.
    var nginxClient: String { trustedHops == 0 ? "$remote_addr" : "$gatehouse_client" }

    /// `http` or `https`, as the client has used it.
    var nginxScheme: String { trustedHops == 0 ? "$scheme" : "$gatehouse_scheme" }

    /// Variables for what the proxies in front say of the client.
    func writeNginxClient(_ text: inout ConfigurationText) {
        guard trustedHops > 0 else { return }
        text.block("map $http_x_forwarded_for $gatehouse_client {", note: Self.clientNote) {
            $0.line("default $remote_addr;")
            $0.line("'~(?:^|,)[ \\t]*(?<gatehouse_hop>[0-9A-Fa-f.:]+)[ \\t]*\(nearerProxies)$' $gatehouse_hop;")
        }
        text.block("map $http_x_forwarded_proto $gatehouse_scheme {") {
            $0.line("default $scheme;")
            $0.line("http http;")
            $0.line("https https;")
        }
    }

    /// What Gatehouse's own pages ask for, and no application gets.
    func writeNginxSecret(_ text: inout ConfigurationText) {
        guard let secret = gatehouse.proxySecret else { return }
        text.block(
            "map $uri $gatehouse_secret {",
            note: "Gatehouse's own pages ask for it, as the check does; applications do not get it."
        ) {
            $0.line("default '';")
            for path in ownPaths { $0.line("'~^\(escapingDots(path))(/|$)' \(secret);") }
        }
    }

    /// Room for an answer that names all of a client's cookies, and for a page that sets several of ours.
    func writeNginxBuffers(_ text: inout ConfigurationText) {
        text.line("proxy_buffer_size 64k;", note: "An answer names the client's cookies, and a page may set several large ones.")
        text.line("proxy_buffers 4 64k;")
        text.line("proxy_busy_buffers_size 64k;")
    }
}

/// A plain path as a regular expression.
func escapingDots(_ path: String) -> String { String(path.flatMap { $0 == "." ? ["\\", "."] : [$0] }) }
