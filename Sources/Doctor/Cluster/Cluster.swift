import Settings

/// The objects of a cluster, beside the configuration that they are for.
package struct Cluster: Sendable {
    let configuration: Configuration
    let objects: [ClusterObject]
    let meshes: [Mesh]

    func objects(of kind: String) -> [ClusterObject] { objects.filter { $0.kind == kind } }

    var providers: [MeshProvider] { meshes.flatMap(\.providers) }

    /// Policies that hand requests to somebody outside Envoy.
    var askingPolicies: [ClusterObject] {
        objects(of: "AuthorizationPolicy").filter { $0.content.text("spec", "action") == "CUSTOM" }
    }

    /// The filters that Gatehouse is asked through without a policy.
    var askingFilters: [FilterPatch] {
        objects(of: "EnvoyFilter").flatMap(FilterPatch.all).filter(\.asks)
    }

    /// The mesh's providers that the policies name.
    var providersInUse: [MeshProvider] {
        let names = Set(askingPolicies.compactMap { $0.content.text("spec", "provider", "name") })
        return providers.filter { names.contains($0.name) }
    }

    /// Whether anybody outside Envoy is asked about requests.
    var asks: Bool { !askingPolicies.isEmpty || !askingFilters.isEmpty || !askingSecurityPolicies.isEmpty }

    /// Whether requests are asked about over HTTP anywhere: then a reply removes no header.
    var asksOverHTTP: Bool {
        providersInUse.contains { $0.dialect == .http } || askingFilters.contains { $0.config?.at("http_service") != nil }
            || askingSecurityPolicies.contains { $0.dialect == .http }
    }

    /// The namespace whose policies are for every other, too.
    var rootNamespace: String { meshes.compactMap(\.rootNamespace).first ?? "istio-system" }

    /// Services that the gateway is told to ask.
    var askedServices: [ClusterObject] {
        namedServices + askingFilters.flatMap(\.questions).map(\.host).flatMap(services)
    }

    /// Those that the mesh's providers and Envoy Gateway's policies name.
    var namedServices: [ClusterObject] {
        (providersInUse.map(\.host) + askingSecurityPolicies.flatMap(\.backends).map(\.host)).flatMap(services)
    }

    /// Whether the gateway asks it, or it leads to the same pods.
    func isOurs(_ service: ClusterObject) -> Bool {
        askedServices.contains { asked in
            let selector = asked.content.at("spec", "selector")
            return asked.namespace == service.namespace
                && (asked.name == service.name || selector != nil && selector == service.content.at("spec", "selector"))
        }
    }

    /// Routes that lead to us, whatever their paths.
    var ownRoutes: [ClusterObject] {
        (objects(of: "VirtualService") + objects(of: "HTTPRoute")).filter { route in
            route.destinations.flatMap(services).contains(where: isOurs)
        }
    }

    /// Services that have this host name in the mesh, whatever it is written like.
    func services(at host: String) -> [ClusterObject] {
        objects(of: "Service").filter { service in
            let name = "\(service.name).\(service.namespace)"
            return host == service.name || host == name || host == "\(name).svc" || host.hasPrefix("\(name).svc.")
        }
    }
}
