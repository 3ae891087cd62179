import JOSE
import Yams

/// `authService.identity`
enum IdentitySection {
    static let headers = Key.defaulted(
        "headers", headerMap, [],
        "Request headers for the application, each with what fills it: a claim, or a text such as `user:{sub}`.")
    static let presets = Key.defaulted(
        "presets", .list(of: .choice()), [IdentitySettings.Preset](), "Headers that applications know from other programs.")
    static let encoding = Key.defaulted(
        "encoding", .choice(), IdentitySettings.Encoding.percent,
        "How values are written: UTF-8 with control characters in percent encoding, or base64.")
    static let authorization = Key.optional(
        "authorization", Shape<IdentitySettings.Authorization>.choice(),
        "What the header `authorization` tells the application; without it the client's own goes on.")
    static let basic = Key.section("basic", BasicSection.section, "The name and password of `authorization: basic`.")
    static let accessTokenHeader = Key.optional(
        "accessTokenHeader", AssertionSection.headerShape, "The request header for the provider's access token.")
    static let strip = Key.defaulted(
        "strip", .list(of: pattern), [], "Further headers to remove from every request; a `*` at the end takes all that begin so."
    )
    static let assertion = Key.optional(
        "assertion", AssertionSection.section.shape, "A signed statement about the user, as a JWT.")

    static let section = Section(
        "identity",
        [
            headers.listed, presets.listed, encoding.listed, authorization.listed, basic.listed, accessTokenHeader.listed,
            strip.listed, assertion.listed,
        ]
    ) { fields in
        let identity = IdentitySettings(
            headers: withPresets(fields), encoding: fields(encoding), authorization: fields(authorization),
            basic: fields(basic), accessTokenHeader: fields(accessTokenHeader), strip: fields(strip),
            assertion: fields(assertion))
        if let header = identity.accessTokenHeader, identity.headers.contains(where: { $0.name == header }) {
            fields.reading.error(
                "`\(header)` is an identity header and the access token's", "give the access token a header of its own",
                at: fields.given(accessTokenHeader.name))
        }
        if let assertion = identity.assertion, identity.headerNames.contains(assertion.header) {
            fields.reading.error(
                "`\(assertion.header)` is an identity header and the assertion's", "give the assertion a header of its own",
                at: fields.given(IdentitySection.assertion.name))
        }
        return identity
    }

    /// A header that the file names is as the file says, also where a preset has it.
    private static func withPresets(_ fields: Fields) -> [IdentitySettings.Header] {
        fields(presets).flatMap(\.headers).reduce(into: fields(headers)) { all, header in
            if !all.contains(where: { $0.name == header.name }) { all.append(header) }
        }
    }

    private static let headerMap = Shape<[IdentitySettings.Header]>(
        schema: .object([("type", .text("object")), ("additionalProperties", Shape<String>.text().schema)]),
        read: { node, reading in
            guard case .mapping(let mapping) = node else {
                return reading.refuse("a mapping belongs here, not \(node.kind)", "write `{ x-user: email }`", node)
            }
            return readHeaders(mapping, reading)
        },
        show: { _ in .object([]) })

    private static func readHeaders(_ mapping: Node.Mapping, _ reading: Reading) -> [IdentitySettings.Header] {
        var headers: [IdentitySettings.Header] = []
        for (key, value) in mapping {
            let header = reading.descend(".\(key.string ?? "")", value) { () -> IdentitySettings.Header? in
                let name = reading.identityHeader(key)
                let template = HeaderTemplateText.shape.read(value, reading)
                if let name, let template { return .init(name: name, template: template) } else { return nil }
            }
            guard let header else { continue }
            if headers.contains(where: { $0.name == header.name }) {
                reading.error(
                    "the header `\(header.name)` is there twice", "remove one; letter case makes no difference", at: key)
            } else {
                headers.append(header)
            }
        }
        return headers
    }

    private static let pattern = Shape<String>.text().then { text, node, reading -> HeaderPattern? in
        let isPrefix = text.hasSuffix("*")
        let name = (isPrefix ? String(text.dropLast()) : text).lowercased()
        guard !name.isEmpty, !name.contains("*"), name.utf8.allSatisfy(isTokenByte) else {
            return reading.refuse(
                "\(quoted(text)) is not a header name, with or without a `*` at its end", "write it like `x-auth-*`", node)
        }
        guard let reserved = ReservedHeaders.names.first(where: { isPrefix ? $0.hasPrefix(name) : $0 == name }) else {
            return HeaderPattern(name: name, isPrefix: isPrefix)
        }
        return reading.refuse("\(quoted(text)) takes away `\(reserved)`, which requests need", "narrow the name", node)
    }
}

/// `authService.identity.basic`
enum BasicSection {
    static let user = Key.defaulted("user", HeaderTemplateText.shape, "email", "Who the application takes the person for.")
    static let password = Key.optional("password", .secret(.clientSecret), "The password; empty without one.")

    static let section = Section("basic", [user.listed, password.listed]) { fields in
        IdentitySettings.Basic(user: fields(user), password: fields(password))
    }
}

/// `authService.identity.assertion`
enum AssertionSection {
    static let header = Key.defaulted("header", headerShape, "x-gatehouse-assertion", "The request header that carries the JWT.")
    static let lifetime = Key.defaulted("lifetime", .duration(atLeast: 10, atMost: 86400), 300, "How long one JWT is valid.")
    static let audience = Key.required("audience", .text(), standIn: "", "The claim `aud`: the applications check it.")
    static let algorithm = Key.defaulted("algorithm", .signatureAlgorithm(), .es256, "How the JWT is signed.")

    static let section = Section("assertion", [header.listed, lifetime.listed, audience.listed, algorithm.listed]) { fields in
        IdentitySettings.Assertion(
            header: fields(header), lifetime: fields(lifetime), audience: fields(audience), algorithm: fields(algorithm))
    }

    static let headerShape = Shape<String>(
        schema: Shape<String>.text().schema, read: { node, reading in reading.identityHeader(node) }, show: { .text($0) })
}
