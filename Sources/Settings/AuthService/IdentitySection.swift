import JOSE
import Yams

/// `authService.identity`
enum IdentitySection {
    static let headers = Key.defaulted(
        "headers", headerMap, [], "Request headers for the application, each with the claim that fills it.")
    static let strip = Key.defaulted(
        "strip", .list(of: pattern), [], "Further headers to remove from every request; a `*` at the end takes all that begin so."
    )
    static let assertion = Key.optional(
        "assertion", AssertionSection.section.shape, "A signed statement about the user, as a JWT.")

    static let section = Section("identity", [headers.listed, strip.listed, assertion.listed]) { fields in
        let identity = IdentitySettings(headers: fields(headers), strip: fields(strip), assertion: fields(assertion))
        if let assertion = identity.assertion, identity.headers.contains(where: { $0.name == assertion.header }) {
            fields.reading.error(
                "`\(assertion.header)` is an identity header and the assertion's", "give the assertion a header of its own",
                at: fields.given(IdentitySection.assertion.name))
        }
        return identity
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
                let claim = Shape<String>.text().read(value, reading)
                if let name, let claim { return .init(name: name, claim: claim) } else { return nil }
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

    private static let headerShape = Shape<String>(
        schema: Shape<String>.text().schema, read: { node, reading in reading.identityHeader(node) }, show: { .text($0) })
}
