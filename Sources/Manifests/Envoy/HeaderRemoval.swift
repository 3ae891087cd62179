extension EnvoyManifest {
    /// Removes, before any filter, every header that only Gatehouse may set. ext_authz over gRPC would remove them again;
    /// over HTTP it cannot remove, so there this is the only guard for a name that an answer does not mention.
    var earlyRemoval: YAMLValue {
        [
            "name": "envoy.http.early_header_mutation.header_mutation",
            "typed_config": typed(
                "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
                ["mutations": .list(removals.map(mutation) + otherSpellings)]),
        ]
    }

    /// What some servers read as one of ours: `kubeflow.userid`. One pattern a name: Envoy bounds the size of each.
    private var otherSpellings: [YAMLValue] {
        spellings.enumerated().map { index, expression in
            let removal: YAMLValue = ["remove_on_match": ["key_matcher": ["safe_regex": ["regex": .string(expression)]]]]
            return index > 0
                ? removal : .noted("Other signs in place of the dashes: some applications cannot tell them apart.", removal)
        }
    }

    /// Regular expressions, each once.
    var spellings: [String] {
        var seen: Set<String> = []
        return owned.compactMap(Self.spellings).filter { seen.insert($0).inserted }
    }

    /// Nil for a name without a sign that could be another. Envoy has names in lower case.
    private static func spellings(of header: RemovedHeader) -> String? {
        let (text, end) =
            switch header {
            case .name(let name): (name, "")
            case .beginning(let beginning): (beginning, ".*")
            }
        let parts = text.split(omittingEmptySubsequences: false) { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        return parts.count < 2 ? nil : parts.joined(separator: anySign) + end
    }

    /// Every sign that a header's name may hold (RFC 9110, section 5.6.2), the dash among them.
    private static let anySign = "[!-.^-`|~]"

    private var owned: [RemovedHeader] {
        (identityHeaders + [assertion?.header].compactMap { $0 }).compactMap(RemovedHeader.init(parsing:)) + strip
    }

    /// In a fixed order, each once: the identity headers, the assertion, the configured patterns, what steers Envoy itself,
    /// and, where no proxy in front is trusted, the forwarding headers that Envoy would pass on or append to.
    var removals: [RemovedHeader] {
        var seen: Set<RemovedHeader> = []
        return (owned + [.beginning("x-envoy-")] + untrustedForwarding)
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
