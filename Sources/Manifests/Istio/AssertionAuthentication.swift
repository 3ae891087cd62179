import Settings

extension IstioManifest {
    /// Verifies Gatehouse's assertion, and makes of its claims what applications are told.
    var requestAuthentication: KubernetesObject {
        atGateway(
            "RequestAuthentication", "security.istio.io/v1", "gatehouse-assertion",
            ["spec": options.gateway.policyTarget.adding(["jwtRules": .list(place.assertion.map { [rule($0)] } ?? [])])])
    }

    private func rule(_ assertion: EnvoyManifest.Assertion) -> YAMLValue {
        let rule: YAMLValue = [
            "issuer": .string(assertion.issuer),
            "audiences": .strings([assertion.audience] + assertion.audiencesOfRules),
            "jwksUri": .noted(
                "istiod fetches it, every 20 minutes unless PILOT_JWT_PUB_KEY_REFRESH_INTERVAL says otherwise; Gatehouse publishes\na key much earlier than it signs with it.",
                .string("\(place.gatehouse.web.scheme)://\(service):\(workload.ports.web.number)\(place.ownPath)/jwks")),
            "fromHeaders": [["name": .string(assertion.header)]],
            "forwardOriginalToken": .noted("Applications can verify it themselves.", true),
        ]
        return rule.adding(claims)
    }

    private var claims: YAMLValue {
        let outputs = identityHeaders.compactMap { header -> YAMLValue? in
            Self.claims[header.template].map { ["header": .string(header.name), "claim": .string($0)] }
        }
        return outputs.isEmpty ? [:] : ["outputClaimToHeaders": .list(outputs)]
    }

    /// The headers that no claim of the assertion fills as one plain text: of a list, the gateway makes base64 of JSON.
    var headersWithoutClaim: [IdentitySettings.Header] {
        guard options.mode == .token else { return [] }
        return identityHeaders.filter { Self.claims[$0.template] == nil }
    }

    private var identityHeaders: [IdentitySettings.Header] { workload.configuration.authService?.identity.headers ?? [] }

    /// What the assertion has as one text, by the templates of `identity.headers`.
    private static let claims = [
        "sub": "sub", "email": "email", "name": "name", "preferred_username": "preferred_username",
    ].reduce(into: [String: String]()) { all, pair in
        all[pair.key] = pair.value
        all["{\(pair.key)}"] = pair.value
    }
}
