import Web

/// Our endpoints under the paths that oauth2-proxy and Arrikto's OIDC AuthService have, for applications and providers that know
/// those: each exactly, nothing below it.
package struct PathAliases: Sendable {
    package enum Program: String, Sendable, CaseIterable {
        case oauth2Proxy = "oauth2-proxy"
        case arrikto
    }

    private let endpoints: [(path: [UInt8], endpoint: OwnEndpoint)]
    /// Where providers send the browser back to, as they have it registered; `nil`: to our own `callback`.
    let callbackPath: String?

    package init(_ programs: [Program]) {
        endpoints = programs.flatMap(\.paths).map { (path: Array($0.0.utf8), endpoint: $0.1) }
        callbackPath = programs.first?.callbackPath
    }

    package static let none = PathAliases([])

    func endpoint(_ path: Span<UInt8>) -> OwnEndpoint? {
        for (known, endpoint) in endpoints where known.count == path.count && hasPrefix(path, known) { return endpoint }
        return nil
    }
}

extension PathAliases.Program {
    fileprivate var paths: [(String, OwnEndpoint)] {
        switch self {
        case .oauth2Proxy:
            [
                ("/oauth2/start", .signIn), ("/oauth2/sign_in", .signIn), ("/oauth2/callback", .callback),
                ("/oauth2/sign_out", .signOut(.oauth2Proxy)), ("/oauth2/auth", .authOnly),
                ("/oauth2/userinfo", .userinfo(.oauth2Proxy)),
            ]
        case .arrikto:
            [("/authservice/oidc/callback", .callback), ("/authservice/logout", .signOut(.arrikto))]
        }
    }

    fileprivate var callbackPath: String {
        switch self {
        case .oauth2Proxy: "/oauth2/callback"
        case .arrikto: "/authservice/oidc/callback"
        }
    }
}
