extension EnvoyManifest {
    /// Removes, before any filter, every header that only Gatehouse may set. ext_authz over gRPC would remove them again;
    /// over HTTP it cannot remove, so there this is the only guard for a name that an answer does not mention.
    var earlyRemoval: YAMLValue {
        [
            "name": "envoy.http.early_header_mutation.header_mutation",
            "typed_config": typed(
                "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
                ["mutations": .list(removals.map(mutation))]),
        ]
    }

    /// In a fixed order, each once: the identity headers, the assertion, the configured patterns, what steers Envoy itself,
    /// and, where no proxy in front is trusted, the forwarding headers that Envoy would pass on or append to.
    private var removals: [RemovedHeader] {
        let owned = (identityHeaders + [assertion?.header].compactMap { $0 }).compactMap(RemovedHeader.init(parsing:))
        var seen: Set<RemovedHeader> = []
        return (owned + strip + [.beginning("x-envoy-")] + untrustedForwarding)
            .filter { !Self.neededByTheCheck.contains($0) }
            .filter { seen.insert($0).inserted }
    }

    /// The client's credentials: the check reads them. Where one of them is also an identity header, Gatehouse's answer
    /// replaces it.
    private static let neededByTheCheck: Set<RemovedHeader> = [.name("authorization"), .name("cookie")]

    private var untrustedForwarding: [RemovedHeader] {
        guard trustedHops == 0 else { return [] }
        return [
            "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-uri",
            "x-forwarded-method",
            "x-original-uri", "x-original-url", "x-original-method", "x-rewrite-url",
        ].map(RemovedHeader.name)
    }

    private func mutation(_ pattern: RemovedHeader) -> YAMLValue {
        switch pattern {
        case .name(let name): ["remove": .string(name)]
        case .beginning(let prefix): ["remove_on_match": ["key_matcher": ["prefix": .string(prefix)]]]
        }
    }
}
