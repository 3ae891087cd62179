import RelyingParty

/// What a rule asks a Kubernetes API server: whether the person may do this there.
package enum AccessTemplate: Sendable, Equatable {
    case resource(Resource)
    case path(RequestTemplate, verb: RequestTemplate)

    /// As `AccessAttributes.Resource`; `nil` is left out of the question.
    package struct Resource: Sendable, Equatable {
        package var verb: RequestTemplate
        package var group: RequestTemplate?
        package var resource: RequestTemplate
        package var subresource: RequestTemplate?
        package var namespace: RequestTemplate?
        package var name: RequestTemplate?

        package init(
            verb: RequestTemplate, group: RequestTemplate? = nil, resource: RequestTemplate,
            subresource: RequestTemplate? = nil, namespace: RequestTemplate? = nil, name: RequestTemplate? = nil
        ) {
            self.verb = verb
            self.group = group
            self.resource = resource
            self.subresource = subresource
            self.namespace = namespace
            self.name = name
        }
    }

    /// `nil` where the request lacks something that is named: then nobody is let in by this.
    func attributes(for values: RequestValues) -> AccessAttributes? {
        switch self {
        case .path(let path, let verb):
            guard let path = path.filled(with: values), let verb = verb.filled(with: values) else { return nil }
            return .path(path, verb: verb)
        case .resource(let template):
            guard let verb = template.verb.filled(with: values), let resource = template.resource.filled(with: values),
                let group = Self.part(template.group, values), let subresource = Self.part(template.subresource, values),
                let namespace = Self.part(template.namespace, values), let name = Self.part(template.name, values)
            else { return nil }
            return .resource(
                AccessAttributes.Resource(
                    verb: verb, group: group, resource: resource, subresource: subresource, namespace: namespace, name: name))
        }
    }

    /// Empty where the rule has none, which is not the same as one that the request does not fill.
    private static func part(_ template: RequestTemplate?, _ values: RequestValues) -> String? {
        guard let template else { return "" }
        return template.filled(with: values)
    }
}
