extension GatewayManifest {
    /// nginx's file, for the `http` block: `include /etc/nginx/conf.d/*.conf` on Debian.
    /// - Throws: `addressAsName`.
    package func nginx() throws(EnvoyManifestProblem) -> [ManifestFile] {
        try refuseAddressAsName()
        var text = ConfigurationText(indent: "    ")
        text.note(ConfigurationText.origin("nginx", command: "nginx"))
        text.note("It belongs into the `http` block: /etc/nginx/conf.d/gatehouse.conf on Debian.")
        text.blank()
        writeNginxMaps(&text)
        writeNginxUpstreams(&text)
        text.block("server {") { server in
            for listener in listeners { server.line("listen \(listener.authority);") }
            server.line("server_name _;")
            server.blank()
            writeNginxGuards(&server)
            writeNginxCheck(&server)
            writeNginxForwarding(&server)
            writeNginxLocations(&server)
        }
        return [ManifestFile(name: "gatehouse.conf", text: text.text, isPrivate: gatehouse.proxySecret != nil)]
    }

    private func writeNginxMaps(_ text: inout ConfigurationText) {
        text.block("map $http_upgrade $gatehouse_connection {", note: "Connection: upgrade for WebSockets, none for the rest.") {
            $0.line("default upgrade;")
            $0.line("'' '';")
        }
        text.block("map $request_uri $gatehouse_path {") {
            $0.line("'~^(?<gatehouse_before_query>[^?]*)' $gatehouse_before_query;")
        }
        writeNginxClient(&text)
        writeNginxSecret(&text)
        text.line(
            #"log_format gatehouse escape=json '{"time":"$time_iso8601","request_id":"$request_id","client":"\#(nginxClient)","method":"$request_method","host":"$http_host","path":"$gatehouse_path","status":"$status","duration":"$request_time","upstream":"$upstream_addr"}';"#,
            note: "Without the query: sign-in callbacks carry an authorization code in it.")
        text.blank()
    }

    private func writeNginxUpstreams(_ text: inout ConfigurationText) {
        for (name, listener) in [("gatehouse_check", gatehouse.checkHTTP), ("gatehouse_web", gatehouse.web)] {
            let server =
                switch listener.place {
                case .tcp(let address): address.authority
                case .unix(let path): "unix:\(path)"
                }
            text.block("upstream \(name) {") {
                $0.line("server \(server);")
                $0.line("keepalive 64;")
            }
        }
        text.blank()
    }

    /// TLS to one of Gatehouse's listeners, for the block that it is written in.
    func writeNginxTLS(_ listener: GatehouseListener, _ text: inout ConfigurationText) {
        guard let tls = listener.tls else { return }
        text.line(
            "proxy_ssl_verify on;",
            note: "Another Gatehouse than ours could let anybody in: its certificate must be of our authority, for our name.")
        text.line("proxy_ssl_trusted_certificate \(tls.authority);")
        text.line("proxy_ssl_verify_depth 4;")
        text.line("proxy_ssl_name \(tls.serverName);")
        text.line("proxy_ssl_server_name on;")
        text.line("proxy_ssl_protocols TLSv1.2 TLSv1.3;")
        guard let client = tls.client else { return }
        text.line("proxy_ssl_certificate \(client.certificate);")
        text.line("proxy_ssl_certificate_key \(client.key);")
    }

    /// What a request must be before anything reads it.
    private func writeNginxGuards(_ text: inout ConfigurationText) {
        text.line(
            "if ($request !~ \"^[^ ]+ /\") { return 400; }",
            note: "A target with a host of its own could mean another one than the Host header.")
        text.line(
            "underscores_in_headers off;",
            note: "Kubeflow_Userid reads as kubeflow-userid in many applications: such headers are dropped without a word.")
        text.line("ignore_invalid_headers on;")
        text.line("merge_slashes on;")
        text.line("server_tokens off;")
        text.line("client_header_timeout 10s;", note: "A client that sends its headers byte by byte is cut off.")
        text.line("client_max_body_size 0;", note: "The applications bound their bodies themselves.")
        text.line("access_log /var/log/nginx/gatehouse.log gatehouse;")
        text.blank()
    }
}
