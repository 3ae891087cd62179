import Web

/// The endpoints of the provider, by their path below the issuer's: Dex's paths.
enum Endpoint: Sendable, Equatable {
    case discovery
    case keys
    /// `/auth`, or `/auth/{connector}`.
    case authorize(connector: String?)
    case signIn(connector: String)
    case token
    case userinfo
    case endSession
    case health
    case asset(String)

    /// `nil` for a path that is none of them, byte for byte: no second spelling reaches an endpoint.
    init?(path: Substring, below issuerPath: String) {
        // ASCII only: Swift's == on strings then compares bytes.
        guard path.utf8.starts(with: issuerPath.utf8), path.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let segments = path.utf8.dropFirst(issuerPath.utf8.count).split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        guard segments.first == "", !segments.dropFirst().contains("") else { return nil }
        switch Array(segments.dropFirst()) {
        case [".well-known", "openid-configuration"]: self = .discovery
        case ["keys"]: self = .keys
        case ["auth"]: self = .authorize(connector: nil)
        case ["token"]: self = .token
        case ["userinfo"]: self = .userinfo
        case ["logout"]: self = .endSession
        case ["healthz"]: self = .health
        case let named where named.count == 2 && named[0] == "auth": self = .authorize(connector: named[1])
        case let named where named.count == 3 && named[0] == "auth" && named[2] == "login": self = .signIn(connector: named[1])
        case let named where named.count == 2 && named[0] == "assets": self = .asset(named[1])
        default: return nil
        }
    }

    /// The methods that it answers, as in `Allow`. The token endpoint refuses the others itself, in its own form.
    var methods: [String] {
        switch self {
        case .discovery, .keys, .health, .asset: ["GET", "HEAD"]
        case .authorize, .signIn, .userinfo, .endSession: ["GET", "HEAD", "POST"]
        case .token: ["POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]
        }
    }
}
