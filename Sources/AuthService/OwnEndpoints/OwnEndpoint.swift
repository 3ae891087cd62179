import Web

/// The endpoints under the service's own path.
enum OwnEndpoint: Sendable, Equatable {
    case signIn
    case callback
    case signOut(SignOutStyle)
    case backchannelLogout
    case frontchannelLogout
    case userinfo(UserinfoEndpoint.Style)
    /// oauth2-proxy's: is somebody signed in?
    case authOnly
    case sessions
    case kept
    case jwks
    /// Personal tokens.
    case tokens
    case asset(name: String)
    /// Under our path, but nothing of ours: answered with 404, never passed on.
    case unknown

    /// `nil` for a path that is neither under `ownPath` nor one of `aliases`.
    init?(path: Span<UInt8>, below ownPath: [UInt8], aliases: PathAliases) {
        if let endpoint = aliases.endpoint(path) {
            self = endpoint
            return
        }
        guard hasPrefix(path, ownPath) else { return nil }
        let rest = path.extracting(ownPath.count..<path.count)
        guard rest.isEmpty || rest[0] == UInt8(ascii: "/") else { return nil }
        let name = rest.withUnsafeBufferPointer { String(decoding: $0.dropFirst(), as: UTF8.self) }
        switch name {
        case "sign-in": self = .signIn
        case "callback": self = .callback
        case _ where name.hasPrefix("callback/"): self = .callback
        case "sign-out": self = .signOut(.own)
        case "backchannel-logout": self = .backchannelLogout
        case "frontchannel-logout": self = .frontchannelLogout
        case "kept": self = .kept
        case "userinfo": self = .userinfo(.claims)
        case "sessions": self = .sessions
        case "jwks": self = .jwks
        case "tokens": self = .tokens
        case _ where name.hasPrefix("assets/"): self = .asset(name: String(name.dropFirst("assets/".count)))
        default: self = .unknown
        }
    }

    /// The methods that the endpoint takes.
    var methods: [String] {
        switch self {
        case .signOut, .sessions, .kept, .tokens, .callback: ["GET", "HEAD", "POST"]
        case .backchannelLogout: ["POST"]
        case .frontchannelLogout: ["GET"]
        case .signIn, .userinfo, .authOnly, .jwks, .asset, .unknown: ["GET", "HEAD"]
        }
    }

    /// Whether the answer needs a body that the gateway has not brought: then the web listener gets the request.
    func lacksBody(_ request: WebRequest) -> Bool {
        (self == .callback || self == .backchannelLogout) && sameBytes(request.method, "POST") && request.body.isEmpty
    }
}
