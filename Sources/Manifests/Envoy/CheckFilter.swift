extension EnvoyManifest {
    /// The HTTP filters in order: Gatehouse decides, its assertion is verified, the request goes on.
    func filters(_ mode: Mode) -> [YAMLValue] {
        let router: YAMLValue = [
            "name": "envoy.filters.http.router",
            "typed_config": typed("envoy.extensions.filters.http.router.v3.Router"),
        ]
        return [check(mode)] + [assertionFilter(mode)].compactMap { $0 } + [router]
    }

    /// `envoy.extensions.filters.http.ext_authz.v3.ExtAuthz`.
    func check(_ mode: Mode) -> YAMLValue {
        [
            "name": "envoy.filters.http.ext_authz",
            "typed_config": typed("envoy.extensions.filters.http.ext_authz.v3.ExtAuthz", ["transport_api_version": "V3"])
                .adding(failure)
                .adding(requestBody(mode))
                .adding(mode == .grpc ? grpcService : httpService),
        ]
    }

    private var failure: YAMLValue {
        [
            "failure_mode_allow": .noted("When Gatehouse cannot be asked, nobody passes.", false),
            "status_on_error": ["code": 503],
            "validate_mutations": .noted("An answer with a header that could split the request is an error, not sent on.", true),
        ]
    }

    /// A form as long as is kept; over gRPC, where our own pages are answered in the check, also one that comes back sealed.
    private func requestBody(_ mode: Mode) -> YAMLValue {
        guard let bytes = keptPostBytes else { return [:] }
        return [
            "with_request_body": .noted(
                "Forms that are sent after the session has ended are kept over the sign-in: the check sees what was sent.",
                [
                    "max_request_bytes": .integer(mode == .grpc ? bytes * 2 : bytes), "allow_partial_message": true,
                    "pack_as_bytes": true,
                ])
        ]
    }

    /// A sign-in callback exchanges the code with the provider inside the check: the usual 200 ms would cut it off.
    private static let checkTimeout: YAMLValue = .noted(
        "A check answers in milliseconds, but a sign-in callback waits for the provider's token endpoint.", "10s")

    private var grpcService: YAMLValue {
        let certificate: YAMLValue = tellsClientCertificates ? ["include_peer_certificate": true] : [:]
        return certificate.adding(grpcServer)
    }

    private var grpcServer: YAMLValue {
        [
            "encode_raw_headers": .noted(
                "Every header line as it came, so that several Cookie lines do not become one with commas.", true),
            "grpc_service": [
                "envoy_grpc": ["cluster_name": .string(ClusterName.checkGRPC)],
                "timeout": Self.checkTimeout,
                "retry_policy": Self.retryPolicy,
            ],
        ]
    }

    private var httpService: YAMLValue {
        [
            "allowed_headers": .noted(
                "What Gatehouse is told of the request, beside its method, path, host and authorization.",
                ["patterns": .list(Self.sentToCheck + headersInRules.map { ["exact": .string($0)] })]),
            "http_service": server.adding(shownSecret).adding(["authorization_response": httpAnswer]),
        ]
    }

    private var server: YAMLValue {
        [
            "server_uri": [
                "uri": .string("\(gatehouse.checkHTTP.scheme)://\(gatehouse.checkHTTP.authority)"),
                "cluster": .string(ClusterName.checkHTTP),
                "timeout": Self.checkTimeout,
            ],
            "path_prefix": "/envoy",
            "retry_policy": Self.retryPolicy,
        ]
    }

    /// In the check only: applications do not see it.
    private var shownSecret: YAMLValue {
        guard let secret = gatehouse.proxySecret else { return [:] }
        return [
            "authorization_request": [
                "headers_to_add": [["key": .string(GatewayManifest.secretHeader), "value": .string(secret)]]
            ]
        ]
    }

    /// Denials go to the client whole, because `allowed_client_headers` is left unset.
    private var httpAnswer: YAMLValue {
        return [
            "allowed_upstream_headers": .noted(
                "What Gatehouse may set for the application. The identity headers are in every answer, empty when there is\nnothing to say; cookie is what remains without the session cookie,\nauthorization empty where the credential was for Gatehouse alone.",
                ["patterns": .list(headersInAnswer.map { ["exact": .string($0)] })]),
            "allowed_client_headers_on_success": ["patterns": [["exact": "set-cookie"]]],
        ]
    }

    /// What the check reads of a request over HTTP, beside what it always gets.
    static let namesSentToCheck = [
        "accept", "accept-language", "access-control-request-method", "connection", "content-type", "cookie", "dpop", "origin",
        "referer", "te", "upgrade", "user-agent", "x-request-id", "x-requested-with",
    ]

    private static let sentToCheck: [YAMLValue] =
        namesSentToCheck.map { ["exact": .string($0)] } + ["sec-fetch-", "x-forwarded-"].map { ["prefix": .string($0)] }
}
