/// Where an EnvoyFilter puts the question: before tokens are verified, or it decides too late or never.
enum FilterOrderCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        cluster.askingFilters.map { patch in
            finding(patch, hasTokenFilter: !cluster.objects(of: "RequestAuthentication").isEmpty)
        }
    }

    private static let router = "envoy.filters.http.router"
    private static let tokens = "envoy.filters.http.jwt_authn"

    static func finding(_ patch: FilterPatch, hasTokenFilter: Bool) -> Finding {
        let subject = patch.object.subject
        switch (patch.operation, patch.neighbour) {
        // Without a neighbour it is the first, too.
        case ("INSERT_FIRST", _), ("INSERT_BEFORE", nil): return .ok(subject, "it asks before any other filter")
        case ("INSERT_BEFORE", tokens?) where hasTokenFilter: return .ok(subject, "it asks before tokens are verified")
        case ("INSERT_BEFORE", tokens?):
            return .failure(
                subject, "it is to stand before jwt_authn, which is not there without a RequestAuthentication: nobody is asked",
                mend: "write `operation: INSERT_FIRST`")
        case ("INSERT_AFTER", router?):
            return .failure(
                subject, "it stands behind the router, where no request comes any more: nobody is asked",
                mend: "write `operation: INSERT_FIRST`")
        case ("INSERT_BEFORE", router?), ("INSERT_AFTER", tokens?):
            return .failure(
                subject,
                "it stands behind jwt_authn and Istio's policies, which then decide about requests without our answer: the assertion"
                    + " and the identity headers come too late, and a client's own count",
                mend: "write `operation: INSERT_FIRST`")
        default:
            return .warning(
                subject,
                "where it stands cannot be told (\(patch.operation.quotedForeign) beside"
                    + " \((patch.neighbour ?? "nothing").quotedForeign))",
                mend: "write `operation: INSERT_FIRST`")
        }
    }
}
