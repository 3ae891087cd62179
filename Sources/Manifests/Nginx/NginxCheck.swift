extension GatewayManifest {
    /// The location that asks. A name that no client can reach: it is internal.
    private static let checkLocation = "/.gatehouse-check"
    /// `NginxReply.cookies`.
    private static let cookies = 1...4

    /// Ask about every request of the server, and what becomes of the answer.
    func writeNginxCheck(_ text: inout ConfigurationText) {
        text.line(
            "auth_request \(Self.checkLocation);",
            note:
                "Every path is asked about, also Gatehouse's own. Any answer but 2xx, 401 and 403, and no answer at all,\nis an error (500): nobody passes."
        )
        text.line("auth_request_set $gatehouse_redirect $upstream_http_x_gatehouse_redirect;")
        text.line("auth_request_set $gatehouse_status $upstream_http_x_gatehouse_status;")
        for number in Self.cookies {
            text.line("auth_request_set $gatehouse_cookie_\(number) $upstream_http_x_gatehouse_cookie_\(number);")
        }
        for name in takenFromTheAnswer {
            text.line("auth_request_set \(variable(name)) $upstream_http_\(underscored(name));")
        }
        text.line("error_page 401 = @gatehouse_unauthenticated;")
        text.line("error_page 403 = @gatehouse_refused;")
        text.blank()
        writeAnswers(&text)
        writeSubrequest(&text)
    }

    private func writeAnswers(_ text: inout ConfigurationText) {
        text.block("location @gatehouse_unauthenticated {", note: "To the sign-in, or, for programs, 401 with its challenge.") {
            $0.line("add_header Cache-Control no-store always;")
            for number in Self.cookies { $0.line("add_header Set-Cookie $gatehouse_cookie_\(number) always;") }
            $0.line("default_type application/json;")
            $0.line("if ($gatehouse_redirect) { return 302 $gatehouse_redirect; }")
            $0.line(#"return 401 '{"error":"login_required"}';"#)
        }
        text.block("location @gatehouse_refused {", note: "nginx knows 403 only; what it stands for comes in a header.") {
            $0.line("add_header Cache-Control no-store always;")
            for number in Self.cookies { $0.line("add_header Set-Cookie $gatehouse_cookie_\(number) always;") }
            $0.line("default_type application/json;")
            $0.line(#"if ($gatehouse_status ~ "^4") { return 400 '{"error":"invalid_request"}'; }"#)
            $0.line(#"if ($gatehouse_status) { return 503 '{"error":"temporarily_unavailable"}'; }"#)
            $0.line(#"return 403 '{"error":"access_denied"}';"#)
        }
        text.blank()
    }

    private func writeSubrequest(_ text: inout ConfigurationText) {
        text.block("location = \(Self.checkLocation) {") {
            $0.line("internal;")
            $0.line("proxy_pass \(gatehouse.checkHTTP.scheme)://gatehouse_check/nginx;")
            writeNginxTLS(gatehouse.checkHTTP, &$0)
            $0.line("proxy_method GET;")
            $0.line("proxy_pass_request_body off;")
            $0.line("proxy_http_version 1.1;")
            $0.line("proxy_connect_timeout 1s;")
            $0.line("proxy_read_timeout 10s;")
            $0.line("proxy_set_header Content-Length '';")
            $0.line("proxy_set_header Connection '';")
            $0.line("proxy_set_header Upgrade $http_upgrade;", note: "A WebSocket's handshake is not sent to a login page.")
            $0.line("proxy_set_header X-Original-Method $request_method;", note: "What nginx has, never what the client says.")
            $0.line("proxy_set_header X-Original-URI $request_uri;")
            $0.line("proxy_set_header X-Forwarded-Host $http_host;")
            $0.line("proxy_set_header X-Forwarded-Proto \(nginxScheme);")
            $0.line("proxy_set_header X-Forwarded-For \(nginxClient);")
            $0.line("proxy_set_header X-Request-ID $request_id;")
            if let secret = gatehouse.proxySecret { $0.line("proxy_set_header \(Self.secretHeader) \(secret);") }
            $0.note("No client may send these. nginx cannot strip by the beginning of a name: Gatehouse refuses what is left.")
            for name in strippedBeforeTheCheck { $0.line("proxy_set_header \(name) '';") }
        }
        text.blank()
    }

    /// The variable with the answer's value of a header.
    func variable(_ header: String) -> String { "$gatehouse_header_" + underscored(header) }

    private func underscored(_ header: String) -> String {
        String(header.map { $0 == "-" ? "_" : $0 })
    }
}
