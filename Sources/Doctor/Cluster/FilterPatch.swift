import JOSE

/// One patch of an EnvoyFilter.
struct FilterPatch: Sendable {
    let object: ClusterObject
    private let content: JSONValue

    static func all(of object: ClusterObject) -> [FilterPatch] {
        object.content.list("spec", "configPatches").map { FilterPatch(object: object, content: $0) }
    }

    private static let extAuthz = "envoy.filters.http.ext_authz"

    /// Whether it inserts a filter that asks somebody about every request that comes to a gateway.
    var asks: Bool {
        guard isForGateways, isOfHTTPFilter, operation.hasPrefix("INSERT") else { return false }
        return value?.text("name") == Self.extAuthz || config?.isExtAuthz == true
    }

    /// Whether it inserts, changes or removes such a filter.
    var isAboutAsking: Bool {
        asks || isOfHTTPFilter && !operation.hasPrefix("INSERT") && (neighbour == Self.extAuthz || config?.isExtAuthz == true)
    }

    private var isOfHTTPFilter: Bool { content.text("applyTo") == "HTTP_FILTER" }

    /// Whether it is for more than sidecars.
    var isForGateways: Bool { ["GATEWAY", "ANY"].contains(content.text("match", "context") ?? "ANY") }

    var operation: String { content.text("patch", "operation") ?? "" }

    var value: JSONValue? { content.at("patch", "value") }

    var config: JSONValue? { value?.at("typed_config") }

    /// The filter that it is inserted before or behind, or that it changes.
    var neighbour: String? {
        content.text("match", "listener", "filterChain", "filter", "subFilter", "name")
    }

    /// What of a gateway's listeners it is for; none: all.
    var narrowedBy: [String] {
        let listener = (content.at("match", "listener")?.object?.members ?? []).map(\.name).filter { $0 != "filterChain" }
        let chain = (content.at("match", "listener", "filterChain")?.object?.members ?? []).map(\.name).filter { $0 != "filter" }
        return listener + chain
    }

    /// Whom it asks: of a cluster's name as Istio writes it, `outbound|9002||gatehouse.gatehouse.svc.cluster.local`.
    var questions: [(host: String, port: Int?, dialect: MeshProvider.Dialect)] {
        let names = [
            (config?.text("grpc_service", "envoy_grpc", "cluster_name"), MeshProvider.Dialect.grpc),
            (config?.text("http_service", "server_uri", "cluster"), .http),
        ]
        return names.compactMap { name, dialect in
            guard let parts = name?.split(separator: "|", omittingEmptySubsequences: false), parts.count == 4 else { return nil }
            return (String(parts[3]), Int(parts[1]), dialect)
        }
    }

    /// Headers that are taken away before any filter sees them, lower case.
    var strippedHeaders: [String] {
        guard isForGateways, operation != "REMOVE" else { return [] }
        return (value?.everything(called: "early_header_mutation_extensions") ?? [])
            .flatMap { $0.everything(called: "remove") }.compactMap { $0.string?.lowercased() }
    }
}

extension JSONValue {
    /// Of the filter itself, not of what a route says of it.
    fileprivate var isExtAuthz: Bool { text("@type").map { $0.contains("ext_authz") && $0.hasSuffix(".ExtAuthz") } ?? false }
}
