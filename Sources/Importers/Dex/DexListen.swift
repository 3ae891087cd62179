import Manifests

/// `web`, `telemetry` and `grpc`: where it listens.
enum DexListen {
    static func read(_ dex: ForeignValue) -> YAMLValue? {
        dex.leave(
            "grpc", "Dex's gRPC API is not offered: `gatehouse users`, `gatehouse clients` and the admin API have its place")
        let telemetry = dex.take("telemetry")
        let admin = telemetry?.text("http").map(address)
        telemetry?.leave("enableProfiling", .note, "there are no profiles to fetch here")
        telemetry?.leaveRest()
        let web = dex.take("web")
        let proxies = web.flatMap(trustedProxies)
        return entries(("web", web.flatMap(listener)), ("admin", admin.map { .string($0) }), ("trustedProxies", proxies))
            .unlessEmpty
    }

    private static func listener(_ web: ForeignValue) -> YAMLValue? {
        let (http, https) = (web.take("http"), web.take("https"))
        let (certificate, key) = (web.text("tlsCert"), web.text("tlsKey"))
        let least = web.text("tlsMinVersion")
        web.leave("tlsMaxVersion", .note, "the newest version that both sides know is spoken")
        web.leave("headers", "our pages and endpoints come with security headers of their own")
        web.leave("allowedOrigins", .todo, "see which pages of other origins call the provider: their browsers will be refused")
        web.leave("allowedHeaders", .note, "goes with `allowedOrigins`")
        web.leaveRest()
        guard let secure = https?.text, let certificate, let key else { return http?.text.map { .string(address($0)) } }
        http?.say(.lost, "one address speaks either in clear text or TLS: this one does not listen")
        return entries(
            ("address", .string(address(secure))),
            (
                "tls",
                entries(
                    ("certificate", YAMLValue.string(certificate).asFile), ("key", YAMLValue.string(key).asFile),
                    ("minimumVersion", least.map { .string($0) }))
            ))
    }

    /// Go's `:5556` is every address.
    private static func address(_ text: String) -> String { text.hasPrefix(":") ? "0.0.0.0" + text : text }

    private static func trustedProxies(_ web: ForeignValue) -> YAMLValue? {
        guard let client = web.take("clientRemoteIP") else { return nil }
        let proxies = client.texts("trustedProxies")
        client.leave("header", .note, "X-Forwarded-For is read, of trusted proxies")
        client.leaveRest()
        return proxies.isEmpty ? nil : .strings(proxies)
    }
}

/// `frontend`: what the pages look like.
enum DexFrontend {
    static func read(_ dex: ForeignValue) {
        guard let frontend = dex.take("frontend") else { return }
        for key in ["dir", "theme", "logoURL", "issuer", "extra"] {
            frontend.leave(
                key, "our pages are others: a folder with logo.svg, theme.css and texts makes them yours, see `pages.theme`")
        }
        frontend.leaveRest()
    }
}
