import Web

/// The endpoints of the provider, by their path below the issuer's: Dex's paths.
enum Endpoint: Sendable, Equatable {
    case discovery
    case keys
    /// `/auth`, or `/auth/{connector}`.
    case authorize(connector: String?)
    case signIn(connector: String)
    /// What the login page posts for a passkey.
    case passkeySignIn(connector: String)
    /// Where browsers come back to from an upstream: `/callback`, or `/callback/{connector}`.
    case callback(connector: String?)
    /// What the choice among several accounts posts.
    case accounts
    /// What the consent page posts.
    case approval
    /// What the page of somebody's second factor posts.
    case secondFactor
    /// The page of what somebody signs in with beside their first factor.
    case secondFactors
    /// The page of what somebody has allowed.
    case consents
    /// Where people choose a password with a link.
    case invitation
    /// Where people change their password.
    case password
    case token
    case introspection
    case revocation
    case pushedRequest
    case registration
    /// What a registered client asks and says about itself.
    case clientConfiguration(id: String)
    case deviceCode
    case device
    case deviceCallback
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
        case ["callback"]: self = .callback(connector: nil)
        case ["accounts"]: self = .accounts
        case ["approval"]: self = .approval
        case ["second-factor"]: self = .secondFactor
        case ["second-factors"]: self = .secondFactors
        case ["consents"]: self = .consents
        case ["invitation"]: self = .invitation
        case ["password"]: self = .password
        // Dex's older clients ask there for what a device is given.
        case ["token"], ["device", "token"]: self = .token
        case ["token", "introspect"]: self = .introspection
        case ["revoke"]: self = .revocation
        case ["par"]: self = .pushedRequest
        case ["register"]: self = .registration
        case ["device", "code"]: self = .deviceCode
        case ["device"]: self = .device
        case ["device", "callback"]: self = .deviceCallback
        case ["userinfo"]: self = .userinfo
        case ["logout"]: self = .endSession
        case ["healthz"]: self = .health
        case let named where named.count == 2 && named[0] == "auth": self = .authorize(connector: named[1])
        case let named where named.count == 3 && named[0] == "auth" && named[2] == "login": self = .signIn(connector: named[1])
        case let named where named.count == 3 && named[0] == "auth" && named[2] == "passkey":
            self = .passkeySignIn(connector: named[1])
        case let named where named.count == 2 && named[0] == "callback": self = .callback(connector: named[1])
        case let named where named.count == 2 && named[0] == "register": self = .clientConfiguration(id: named[1])
        case let named where named.count == 2 && named[0] == "assets": self = .asset(named[1])
        default: return nil
        }
    }

    /// The methods that it answers, as in `Allow`. The endpoints for clients refuse the others themselves, in their own form.
    var methods: [String] {
        switch self {
        case .discovery, .keys, .health, .asset: ["GET", "HEAD"]
        case .authorize, .signIn, .userinfo, .endSession, .device, .deviceCallback, .consents, .secondFactors, .invitation,
            .password:
            ["GET", "HEAD", "POST"]
        // No HEAD: it would use the code up.
        case .callback: ["GET"]
        case .accounts, .approval, .secondFactor, .passkeySignIn: ["POST"]
        case .token, .introspection, .revocation, .pushedRequest, .registration, .clientConfiguration, .deviceCode:
            ["POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]
        }
    }
}
