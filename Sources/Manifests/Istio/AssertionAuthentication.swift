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
        let made = assertionHeaders?.made ?? []
        guard !made.isEmpty else { return [:] }
        return ["outputClaimToHeaders": .list(made.map { ["header": .string($0.header), "claim": .string($0.claim)] })]
    }
}
