import Yams

/// `authService.rules[].allow.kubernetes`: the attributes of a SubjectAccessReview, under Kubernetes' own names.
enum ClusterAccessSection {
    static let verb = Key.defaulted(
        "verb", RequestTemplate.shape, .verb, "As `get`, `list` or `create`; by the request's method when missing.")
    static let group = Key.optional(
        "group", RequestTemplate.shape, "The API group, as `kubeflow.org`; the core group when missing.")
    static let resource = Key.optional("resource", RequestTemplate.shape, "The resource in the plural, as `notebooks`.")
    static let subresource = Key.optional("subresource", RequestTemplate.shape, "As `status` or `log`.")
    static let namespace = Key.optional(
        "namespace", RequestTemplate.shape, "Where; the whole cluster when missing. Often `{tenant}` or `{path.2}`.")
    static let name = Key.optional("name", RequestTemplate.shape, "The object's name; all of them when missing.")
    static let nonResourcePath = Key.optional(
        "nonResourcePath", RequestTemplate.shape, "In place of a resource: a path of the API server, as `/metrics`.")

    static let section = Section(
        "kubernetes",
        [
            verb.listed, group.listed, resource.listed, subresource.listed, namespace.listed, name.listed,
            nonResourcePath.listed,
        ]
    ) { fields in
        let access = ClusterAccess(
            verb: fields(verb), group: fields(group), resource: fields(resource), subresource: fields(subresource),
            namespace: fields(namespace), name: fields(name), nonResourcePath: fields(nonResourcePath))
        check(access, fields)
        return access
    }

    private static func check(_ access: ClusterAccess, _ fields: Fields) {
        let hasResource = fields.given(resource.name) != nil
        let hasPath = fields.given(nonResourcePath.name) != nil
        if hasResource == hasPath {
            let what = hasPath ? "`resource` and `nonResourcePath` are both there" : "neither a resource nor a path is named"
            let mend = hasPath ? "keep one of them" : "add `resource`, as `resource: notebooks`, or `nonResourcePath`"
            fields.reading.error(what, mend, at: fields.node)
        }
        for key in [group, subresource, namespace, name] where hasPath && fields.given(key.name) != nil {
            fields.reading.error(
                "`\(key.name)` is of resources, and `nonResourcePath` is none", "remove it", at: fields.given(key.name))
        }
    }
}

/// What a rule asks a Kubernetes API server about.
package struct ClusterAccess: Sendable, Equatable {
    package var verb: RequestTemplate
    package var group: RequestTemplate?
    /// Either this or `nonResourcePath`.
    package var resource: RequestTemplate?
    package var subresource: RequestTemplate?
    package var namespace: RequestTemplate?
    package var name: RequestTemplate?
    package var nonResourcePath: RequestTemplate?

    var namesTenant: Bool {
        [verb, group, resource, subresource, namespace, name, nonResourcePath].contains { $0?.namesTenant ?? false }
    }
}
