extension EnvoyManifest {
    /// `envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication`: Gatehouse's own assertion, signed with a key of its
    /// key set, for our audience. A request without one passes (public pages have none); one with a bad one is answered 401.
    func assertionFilter(_ mode: Mode) -> YAMLValue? {
        guard let assertion else { return nil }
        return [
            "name": "envoy.filters.http.jwt_authn",
            "typed_config": typed(
                "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
                [
                    "providers": ["gatehouse": provider(assertion)],
                    "rules": .list((mode == .http ? [emptyRule(assertion)] : []) + [rule]),
                ]),
        ]
    }

    /// Over HTTP an answer cannot remove a header, so Gatehouse says "none" with an empty one, which the filter would
    /// otherwise refuse as a malformed token. A rule that requires nothing ends the search.
    private func emptyRule(_ assertion: Assertion) -> YAMLValue {
        .noted(
            "An empty assertion is how Gatehouse says over HTTP that there is none.",
            [
                "match": [
                    "prefix": "/",
                    "headers": [["name": .string(assertion.header.lowercased()), "string_match": ["exact": ""]]],
                ]
            ])
    }

    private var rule: YAMLValue {
        .noted(
            "A public page has no assertion; a bad one is refused (401, for another audience 403), whoever put it there.",
            [
                "match": ["prefix": "/"],
                "requires": ["requires_any": ["requirements": [["provider_name": "gatehouse"], ["allow_missing": [:]]]]],
            ])
    }

    private func provider(_ assertion: Assertion) -> YAMLValue {
        [
            "issuer": .string(assertion.issuer),
            "audiences": .strings([assertion.audience] + assertion.audiencesOfRules),
            "require_expiration": true,
            "from_headers": [["name": .string(assertion.header.lowercased())]],
            "forward": .noted("Applications can verify it themselves.", true),
            "payload_in_metadata": "assertion",
            "jwt_cache_config": .noted(
                "A signature is verified once in each worker, the times at each request. What is remembered of an assertion lasts until it\nends, also when its key is withdrawn before.",
                ["jwt_cache_size": 1000, "jwt_max_token_size": 8192]),
            "remote_jwks": keys,
        ]
    }

    /// Fetched ahead of use, so that no request waits; a Gatehouse that starts later than Envoy is tried again.
    private var keys: YAMLValue {
        [
            "http_uri": [
                "uri": .string("\(gatehouse.web.scheme)://\(gatehouse.web.authority)\(ownPath)/jwks"),
                "cluster": .string(ClusterName.web),
                "timeout": "5s",
            ],
            "cache_duration": .noted("Gatehouse publishes a key much earlier than it signs with it.", "60s"),
            "async_fetch": ["fast_listener": true, "failed_refetch_duration": "1s"],
            "retry_policy": ["num_retries": 3, "retry_back_off": ["base_interval": "0.1s", "max_interval": "1s"]],
        ]
    }
}
