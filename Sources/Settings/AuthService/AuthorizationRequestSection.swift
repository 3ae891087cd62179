import Yams

/// `authService.providers[].request`
enum AuthorizationRequestSection {
    typealias Settings = AuthorizationRequestSettings

    static let responseMode = Key.defaulted(
        "responseMode", .choice(), Settings.ResponseMode.query, "How the reply comes back: in the address, or as a form.")
    static let prompt = Key.optional("prompt", Shape<Settings.Prompt>.choice(), "What the provider asks people every time.")
    static let maxAge = Key.optional(
        "maxAge", .duration(atLeast: 0, atMost: 366 * 86400), "How long ago people may have given their credentials.")
    static let acrValues = Key.defaulted(
        "acrValues", .list(of: .scope()), [], "How people have to sign in; one of them has to be the ID token's `acr`.")
    static let uiLocales = Key.defaulted("uiLocales", .list(of: .scope()), [], "Languages for the provider's pages.")
    static let audience = Key.optional(
        "audience", Shape<String>.text(), "Whom the access token is for, as some providers want it.")
    static let resources = Key.defaulted(
        "resources", .list(of: Shape<String>.text()), [], "Whom the access token is for (RFC 8707).")
    static let parameters = Key.defaulted("parameters", .namedTexts(), [], "Further parameters of the request.")
    static let pushed = Key.defaulted(
        "pushed", .choice(), Settings.Pushing.auto,
        "Whether the request is given to the provider first (RFC 9126); `auto`: where the provider requires it.")
    static let signed = Key.defaulted("signed", .boolean(), false, "Whether the request is signed (RFC 9101); needs `clientKey`.")

    static let section = Section(
        "request",
        [
            responseMode.listed, prompt.listed, maxAge.listed, acrValues.listed, uiLocales.listed, audience.listed,
            resources.listed, parameters.listed, pushed.listed, signed.listed,
        ]
    ) { fields in
        Settings(
            responseMode: fields(responseMode), prompt: fields(prompt), maxAge: fields(maxAge), acrValues: fields(acrValues),
            uiLocales: fields(uiLocales), audience: fields(audience), resources: fields(resources),
            parameters: fields(parameters), pushing: fields(pushed), isSigned: fields(signed))
    }
}

extension Shape where Value == [NamedText] {
    /// A mapping of names to texts.
    static func namedTexts() -> Shape {
        Shape(
            schema: .object([("type", .text("object")), ("additionalProperties", Shape<String>.text().schema)]),
            read: { node, reading in
                guard case .mapping(let mapping) = node else {
                    return reading.refuse("a mapping belongs here, not \(node.kind)", "write `{ name: text }`", node)
                }
                return mapping.compactMap { key, value in
                    guard let name = Shape<String>.text().read(key, reading) else { return nil }
                    let text = reading.descend(".\(name)", value) { Shape<String>.text().read(value, reading) }
                    return text.map { NamedText(name: name, text: $0) }
                }
            },
            show: { _ in .object([]) })
    }
}
