import JOSE

/// What EnvoyFilters leave out of the question: a share of the requests, listeners, or whole routes.
enum FilterExemptions {
    static func findings(_ cluster: Cluster) -> [Finding] {
        guard !cluster.askingPolicies.isEmpty || !cluster.askingFilters.isEmpty else { return [] }
        return cluster.objects(of: "EnvoyFilter").flatMap { object in
            let patches = FilterPatch.all(of: object).filter {
                $0.asks || $0.isForGateways && cluster.missed(by: object) == nil
            }
            let findings = patches.flatMap { patch in (patch.isAboutAsking ? filter(patch) : []) + routes(patch) }
            let isSound = findings.isEmpty && patches.contains(where: \.asks)
            return isSound ? [.ok(object.subject, "it exempts nothing")] : findings
        }
    }

    private static func filter(_ patch: FilterPatch) -> [Finding] {
        let subject = patch.object.subject
        guard patch.operation != "REMOVE" else {
            return [.failure(subject, "it removes the filter that asks: nobody is asked", mend: "delete it")]
        }
        return holes(patch).filter(\.isThere).map { .failure(subject, $0.found, mend: "remove it") } + narrowed(patch)
    }

    private static func holes(_ patch: FilterPatch) -> [(isThere: Bool, found: String)] {
        [
            (patch.value?.text("disabled") == "true", "`disabled` is true: nobody is asked where no route says otherwise"),
            (
                patch.config?.at("filter_enabled").map { !isWhole($0) } ?? false,
                "`filter_enabled` is below 100 %: all other requests pass unasked"
            ),
            (
                patch.config?.at("filter_enabled_metadata") != nil,
                "`filter_enabled_metadata` has it ask about some requests only; all others pass unasked"
            ),
        ]
    }

    private static func narrowed(_ patch: FilterPatch) -> [Finding] {
        guard patch.asks, !patch.narrowedBy.isEmpty else { return [] }
        let names = patch.narrowedBy.map { "`\($0)`" }.joined(separator: ", ")
        return [
            .warning(
                patch.object.subject, "it asks only at listeners that \(names) fits; at all others nobody is asked",
                mend: "remove that from `match.listener`")
        ]
    }

    /// Envoy's RuntimeFractionalPercent.
    private static func isWhole(_ share: JSONValue) -> Bool {
        let whole = ["TEN_THOUSAND": 10_000, "MILLION": 1_000_000][share.text("default_value", "denominator") ?? ""] ?? 100
        return (share.text("default_value", "numerator").flatMap { Int($0) } ?? 0) >= whole
    }

    /// `ExtAuthzPerRoute`, and Envoy's own switch for any filter.
    private static func routes(_ patch: FilterPatch) -> [Finding] {
        let filters = (patch.value?.everything(called: "typed_per_filter_config") ?? []).flatMap { $0.object?.members ?? [] }
        let isOff = filters.contains { filter in
            (filter.name.contains("ext_authz") || filter.value.text("@type")?.contains("ext_authz") == true)
                && filter.value.text("disabled") == "true"
        }
        guard isOff else { return [] }
        return [
            .failure(
                patch.object.subject, "it turns the question off for routes (`disabled: true`): they need no sign-in",
                mend: "remove it, and write a rule with `allow: anyone` into the configuration")
        ]
    }
}
