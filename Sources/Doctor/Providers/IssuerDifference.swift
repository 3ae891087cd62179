import Web

/// In what exactly two issuer identifiers differ that ought to be the same (OpenID Connect Discovery section 4.3).
package enum IssuerDifference: Equatable {
    case trailingSlash(isFound: Bool)
    case scheme(found: String)
    case letterCase
    case port(found: String)
    case host(found: String)
    case path(found: String)
    case other

    package init(expected: String, found: String) {
        func bare(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }
        if bare(expected) == bare(found) {
            self = .trailingSlash(isFound: found.hasSuffix("/"))
            return
        }
        guard let one = Origin(expected), let other = Origin(found) else {
            self = .other
            return
        }
        if one.host != other.host {
            self = .host(found: other.host)
        } else if one.scheme != other.scheme {
            self = .scheme(found: other.scheme.rawValue)
        } else if one.port != other.port {
            self = .port(found: String(other.effectivePort))
        } else {
            self = expected.lowercased() == found.lowercased() ? .letterCase : .path(found: Self.path(found))
        }
    }

    private static func path(_ url: String) -> String {
        let rest = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return rest.count > 3 ? "/" + rest[3] : ""
    }

    /// `it differs by …`
    package var text: String {
        switch self {
        case .trailingSlash(let isFound): isFound ? "it has a `/` at its end, the file's has none" : "it has no `/` at its end"
        case .scheme(let found): "it is \(found)"
        case .letterCase: "capitals differ"
        case .port(let found): "its port is \(found.quotedForeign)"
        case .host(let found): "its host is \(found.quotedForeign)"
        case .path(let found): "its path is \(found.quotedForeign)"
        case .other: "they have little in common"
        }
    }

    /// What to do, where the provider calls itself `found`.
    package func mend(found: String) -> String {
        switch self {
        case .trailingSlash, .letterCase, .path, .other: "write `issuer: \(found.quotedForeign.dropFirst().dropLast())`"
        case .scheme, .port, .host:
            "correct the provider's external URL (its proxy may hide the original host and scheme), or write"
                + " `issuer: \(found.quotedForeign.dropFirst().dropLast())`"
        }
    }
}
