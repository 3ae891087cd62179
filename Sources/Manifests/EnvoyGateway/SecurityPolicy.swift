extension EnvoyGatewayManifest {
    /// On the whole Gateway: every route of it is asked about, our own paths among them.
    var securityPolicy: KubernetesObject {
        onGateway("SecurityPolicy", checking.adding(verifying))
    }

    private var checking: YAMLValue {
        let common: YAMLValue = [
            "failOpen": .noted("When Gatehouse cannot be asked, nobody passes.", false),
            "statusOnError": 503,
            "timeout": .noted(
                "A check answers in milliseconds, but a sign-in callback waits for the provider's token endpoint.", "10s"),
        ]
        switch base.placement.check {
        case .grpc: return ["extAuth": common.adding(["grpc": backend(base.checkPort)])]
        case .http: return ["extAuth": common.adding(["headersToExtAuth": told]).adding(["http": overHTTP])]
        }
    }

    private var overHTTP: YAMLValue {
        let path: YAMLValue = ["path": "/envoy"]
        return path.adding(backend(base.checkPort)).adding([
            "headersToBackend": .noted(
                "What Gatehouse may set for the application: in every answer, empty where there is nothing to say.",
                .strings(base.place.headersInAnswer))
        ])
    }

    /// Names only: Envoy Gateway has no beginnings of names here.
    private var told: YAMLValue {
        .strings(EnvoyManifest.namesSentToCheck + Self.furtherNames + base.place.headersInRules.map { $0.lowercased() })
    }

    private static let furtherNames = [
        "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "x-forwarded-for", "x-forwarded-host",
        "x-forwarded-proto",
    ]

    /// Over gRPC the gateway verifies the assertion of the answer as well. Over HTTP it cannot: see `AssertionHeaders`.
    private var verifying: YAMLValue {
        guard let assertion = base.place.assertion, base.placement.check == .grpc else { return [:] }
        let provider: YAMLValue = [
            "name": "gatehouse", "issuer": .string(assertion.issuer),
            "audiences": .strings([assertion.audience] + assertion.audiencesOfRules),
            "extractFrom": ["headers": [["name": .string(assertion.header.lowercased())]]],
            "remoteJWKS": keys,
        ]
        let claims = assertionHeaders?.made ?? []
        let headers: YAMLValue =
            claims.isEmpty
            ? [:]
            : [
                "claimToHeaders": .noted(
                    "The gateway sets these itself, whatever an answer says.",
                    .list(claims.map { ["header": .string($0.header), "claim": .string($0.claim)] }))
            ]
        return [
            "jwt": [
                "optional": .noted("A public page has no assertion; a bad one is refused.", true),
                "providers": [provider.adding(headers)],
            ]
        ]
    }

    private var keys: YAMLValue {
        let port = base.workload.ports.web
        let keys: YAMLValue = [
            "uri": .string(
                "\(port.isSecured ? "https" : "http")://\(base.workload.host):\(port.number)\(base.place.ownPath)/jwks"),
            "cacheDuration": .noted("Gatehouse publishes a key much earlier than it signs with it.", "60s"),
            "failedRefetchDuration": "1s",
        ]
        return keys.adding(backend(port))
    }

    /// To another namespace than the policy's only with the grant below.
    private func backend(_ port: ClusterPorts.Port) -> YAMLValue {
        [
            "backendRefs": [
                [
                    "name": .string(KubernetesWorkload.name), "namespace": .string(base.workload.options.namespace),
                    "port": .integer(port.number),
                ]
            ],
            "backendSettings": replicas,
        ]
    }

    /// Lets the policies, which have to be with the Gateway, name our Service.
    var referenceGrant: KubernetesObject? {
        guard base.placement.gateway.namespace != base.workload.options.namespace else { return nil }
        return base.workload.object(
            "ReferenceGrant", "gateway.networking.k8s.io/v1beta1",
            [
                "spec": [
                    "from": [
                        [
                            "group": "gateway.envoyproxy.io", "kind": "SecurityPolicy",
                            "namespace": .string(base.placement.gateway.namespace),
                        ]
                    ],
                    "to": [["group": "", "kind": "Service", "name": .string(KubernetesWorkload.name)]],
                ]
            ])
    }
}
