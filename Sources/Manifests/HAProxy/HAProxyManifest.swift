extension GatewayManifest {
    /// HAProxy's file, and the script that asks Gatehouse for it.
    /// - Throws: `addressAsName`.
    package func haproxy() throws(EnvoyManifestProblem) -> [ManifestFile] {
        try refuseAddressAsName()
        var text = ConfigurationText(indent: "    ")
        text.note(ConfigurationText.origin("HAProxy", command: "haproxy"))
        text.block("global", closing: nil) {
            $0.line("default-path config", note: "The script lies beside this file.")
            $0.line("lua-load \(Self.scriptFile)")
            $0.line("log stdout format raw local0")
            $0.line("httpclient.ssl.verify required")
        }
        text.blank()
        writeHAProxyDefaults(&text)
        text.block("frontend clients", closing: nil) { frontend in
            for listener in listeners { frontend.line("bind \(listener.authority)") }
            writeHAProxyGuards(&frontend)
            writeHAProxyForwarding(&frontend)
            writeHAProxyCheck(&frontend)
            writeHAProxyRoutes(&frontend)
        }
        writeHAProxyBackends(&text)
        return [
            ManifestFile(name: "haproxy.cfg", text: text.text),
            ManifestFile(name: Self.scriptFile, text: haproxyScript, isPrivate: gatehouse.proxySecret != nil),
        ]
    }

    private static var scriptFile: String { "gatehouse.lua" }

    private func writeHAProxyDefaults(_ text: inout ConfigurationText) {
        text.block("defaults", closing: nil) {
            $0.line("mode http")
            $0.line("log global")
            $0.line(
                #"log-format '{"time":"%t","client":"%ci","method":"%HM","path":%{+Q}HPO,"status":%ST,"duration_ms":%Ta,"upstream":"%s"}'"#,
                note: "Without the query: sign-in callbacks carry an authorization code in it.")
            $0.line("timeout http-request 10s", note: "A client that sends its headers byte by byte is cut off.")
            $0.line("timeout connect 1s")
            $0.line("timeout client 3600s")
            $0.line("timeout server 3600s")
            $0.line("timeout tunnel 3600s")
        }
        text.blank()
    }

    /// What a request must be before anything else reads it.
    private func writeHAProxyGuards(_ text: inout ConfigurationText) {
        text.line(
            "acl path_is_unclear path,url_dec -m sub // /./ /../ \\\\",
            note: "HAProxy routes and forwards a path as it came: one that others read differently is refused.")
        text.line("acl path_is_unclear path,url_dec -m end /. /..")
        text.line("http-request deny deny_status 400 if path_is_unclear")
        text.line("http-request deny deny_status 400 unless { path -m beg / }")
        text.note("No client may send these, in any spelling. Others with _ go too: applications read X_A as X-A.")
        text.line("http-request del-header _ -m sub")
        for name in strippedBeforeTheCheck + GatewayHeaders.untrustedForwarding {
            text.line("http-request del-header '^\(anySpelling(name))$' -m reg")
        }
        for beginning in strippedBeginnings { text.line("http-request del-header '^\(anySpelling(beginning))' -m reg") }
    }

    /// HAProxy has names in lower case.
    private func anySpelling(_ name: String) -> String {
        name.lowercased().split(separator: "-", omittingEmptySubsequences: false).joined(separator: "[^a-z0-9]")
    }
}
