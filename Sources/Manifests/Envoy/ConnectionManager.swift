extension EnvoyManifest {
    /// `HttpConnectionManager` of one listener: what a request must be before any filter sees it, then the filters.
    func connectionManager(_ listener: Listener) -> YAMLValue {
        typed(
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            ["stat_prefix": .string(label(listener))]
        )
        .adding(pathRules).adding(headerRules).adding(clientAddress).adding(clientCertificate).adding(limits)
        .adding([
            "generate_request_id": true,
            "always_set_request_id_in_response": true,
            "server_header_transformation": .noted("Clients do not learn what the applications run on.", "OVERWRITE"),
            "upgrade_configs": [["upgrade_type": "websocket"]],
            "access_log": accessLog,
            "http_filters": .list(filters(listener.mode)),
            "route_config": routes,
        ])
    }

    /// Gatehouse and the application must read the same path: dot segments and doubled slashes are resolved, an encoded
    /// slash, which some read as a separator and some do not, is refused with 400.
    private var pathRules: YAMLValue {
        [
            "normalize_path": .noted(
                "Gatehouse and the applications must see the same path: /public/../admin is /admin, //admin is /admin, and a\nslash or backslash in percent encoding is refused (400).",
                true),
            "merge_slashes": true,
            "path_with_escaped_slashes_action": "REJECT_REQUEST",
        ]
    }

    private var headerRules: YAMLValue {
        [
            "common_http_protocol_options": [
                "headers_with_underscores_action": .noted(
                    "Kubeflow_Userid reads as kubeflow-userid in many applications: such headers are dropped without a word.",
                    "DROP_HEADER"),
                "idle_timeout": "3600s",
            ],
            "early_header_mutation_extensions": .noted(
                "Before anything else, what a client sent under the names of Gatehouse's own headers is removed.",
                [earlyRemoval]),
        ]
    }

    private var clientAddress: YAMLValue {
        [
            "use_remote_address": .noted(
                "X-Forwarded-For and -Proto are what Envoy saw, not what the client says.", true),
            "xff_num_trusted_hops": .integer(trustedHops),
        ]
    }

    /// The certificate alone: the names in it are read from it, so that none of them can be mistaken for a part of the header.
    private var clientCertificate: YAMLValue {
        guard tellsClientCertificates else { return [:] }
        return [
            "forward_client_cert_details": .noted(
                "X-Forwarded-Client-Cert is the certificate that this listener was shown, never what a client says.",
                "SANITIZE_SET"),
            "set_current_client_cert_details": ["cert": true],
        ]
    }

    /// No bound on a whole request or response: uploads, downloads, server-sent events and WebSockets last as long as they
    /// move. What does not move ends.
    private var limits: YAMLValue {
        [
            "request_headers_timeout": .noted("A client that sends its headers byte by byte is cut off.", "10s"),
            "stream_idle_timeout": .noted(
                "A request or response that has not moved for so long ends. The routes to applications allow more.", "300s"),
            "max_request_headers_kb": 60,
            "http2_protocol_options": .noted(
                "HTTP/2 limits that Envoy recommends at the edge.",
                [
                    "max_concurrent_streams": 100,
                    "initial_stream_window_size": 65536,
                    "initial_connection_window_size": 1_048_576,
                ]),
        ]
    }
}
