extension GatewayManifest {
    /// Variables for what the proxies in front say of the client.
    func writeCaddyClient(_ text: inout ConfigurationText) {
        guard trustedHops > 0 else { return }
        text.block("map {header.X-Forwarded-For} {gatehouse_client} {", note: Self.clientNote) {
            $0.line("`~(?:^|,)\\s*([0-9A-Fa-f.:]+)\\s*\(nearerProxies)$` `${1}`")
            $0.line("default {remote_host}")
        }
        text.block("map {header.X-Forwarded-Proto} {gatehouse_scheme} {") {
            $0.line("http http")
            $0.line("https https")
            $0.line("default {scheme}")
        }
    }

    /// In place of what Caddy says by itself of a client that it does not see.
    func writeCaddyForwarding(_ text: inout ConfigurationText) {
        guard trustedHops > 0 else { return }
        text.line("header_up X-Forwarded-For {gatehouse_client}")
        text.line("header_up X-Forwarded-Proto {gatehouse_scheme}")
    }
}
