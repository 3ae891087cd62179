extension GatewayManifest {
    /// What applications receive: for the whole server, so that no location can forget one.
    func writeNginxForwarding(_ text: inout ConfigurationText) {
        text.note(
            "What applications receive. A location with a proxy_set_header of its own inherits none of these: keep it that way.")
        text.line("proxy_http_version 1.1;")
        text.line("proxy_set_header Host $http_host;")
        text.line("proxy_set_header Upgrade $http_upgrade;")
        text.line("proxy_set_header Connection $gatehouse_connection;")
        text.line("proxy_set_header X-Forwarded-Host $http_host;")
        text.line("proxy_set_header X-Forwarded-Proto \(nginxScheme);")
        text.line("proxy_set_header X-Forwarded-For \(nginxClient);")
        text.line("proxy_set_header X-Real-IP \(nginxClient);")
        text.line("proxy_set_header X-Request-ID $request_id;")
        for name in GatewayHeaders.untrustedForwarding { text.line("proxy_set_header \(name) '';") }
        text.note(
            "Who it is, and what goes on of the client's cookies and credential, from the answer: an empty value leaves the\nheader out. The client's own never goes on."
        )
        for name in takenFromTheAnswer { text.line("proxy_set_header \(name) \(variable(name));") }
        for name in strippedNames where !takenFromTheAnswer.contains(name) { text.line("proxy_set_header \(name) '';") }
        if gatehouse.proxySecret != nil { text.line("proxy_set_header \(Self.secretHeader) $gatehouse_secret;") }
        text.note("Uploads, downloads, server-sent events and WebSockets last as long as they move.")
        text.line("proxy_buffering off;")
        writeNginxBuffers(&text)
        text.line("proxy_request_buffering off;")
        text.line("proxy_read_timeout 3600s;")
        text.line("proxy_send_timeout 3600s;")
        text.line("proxy_connect_timeout 1s;")
        text.blank()
    }

    func writeNginxLocations(_ text: inout ConfigurationText) {
        writeNginxTLS(gatehouse.web, &text)
        for path in ownPaths {
            text.line("location = \(path) { proxy_pass \(gatehouse.web.scheme)://gatehouse_web; }")
            text.line("location ^~ \(path)/ { proxy_pass \(gatehouse.web.scheme)://gatehouse_web; }")
        }
        for upstream in upstreams {
            text.line("location ^~ \(upstream.prefix) { proxy_pass http://\(upstream.address.authority); }")
        }
        if !upstreams.contains(where: { $0.prefix == "/" }) { text.line("location / { return 404; }") }
    }
}
