import JOSE

/// One patch of an EnvoyFilter.
struct FilterPatch: Sendable {
    let object: ClusterObject
    private let content: JSONValue

    static func all(of object: ClusterObject) -> [FilterPatch] {
        object.content.list("spec", "configPatches").map { FilterPatch(object: object, content: $0) }
    }

    private static let extAuthz = "envoy.filters.http.ext_authz"

    /// Whether it inserts a filter that asks somebody about every request.
    var asks: Bool {
        guard content.text("applyTo") == "HTTP_FILTER", operation.hasPrefix("INSERT") else { return false }
        let type = config?.text("@type") ?? ""
        return content.text("patch", "value", "name") == Self.extAuthz || type.contains("ext_authz")
    }

    var operation: String { content.text("patch", "operation") ?? "" }

    var config: JSONValue? { content.at("patch", "value", "typed_config") }

    /// The filter that it is inserted before or behind.
    var neighbour: String? {
        content.text("match", "listener", "filterChain", "filter", "subFilter", "name")
    }

    /// Headers that are taken away before any filter sees them, lower case.
    var strippedHeaders: [String] {
        (content.at("patch", "value")?.everything(called: "early_header_mutation_extensions") ?? [])
            .flatMap { $0.everything(called: "remove") }.compactMap { $0.string?.lowercased() }
    }
}
