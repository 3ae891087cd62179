import JOSE
import Web

/// A cookie that remembers which accounts have signed in in a browser: 128 random bits, and for each account a code that only we can
/// make of them. It is worth nothing beside a password, and names nobody.
struct KnownDevice {
    private static let nonceLength = 16
    private static let tagLength = 16
    /// The accounts that a browser is known for, one with a second factor twice; the oldest is forgotten.
    private static let maximumAccounts = 16
    /// More cookies of the name, as a neighbouring host could plant them, are not tried.
    private static let maximumTried = 4
    /// Seconds: 180 days.
    private static let life = 180 * 86400

    private let nonce: [UInt8]
    /// The one that signed in last comes first.
    private var tags: [[UInt8]]

    static func all(in request: WebRequest, issuer: Issuer) -> [KnownDevice] {
        RequestCookies(request.headers).all(named: name(issuer)).prefix(maximumTried).compactMap { KnownDevice(cookie: $0) }
    }

    /// The request's cookie with one account more, or a new one.
    static func cookie(remembering account: String, in request: WebRequest, issuer: Issuer) -> String {
        var device = all(in: request, issuer: issuer).first ?? KnownDevice(nonce: issuer.randomness.bytes(nonceLength), tags: [])
        let own = device.code(for: account, issuer)
        device.tags = [own] + device.tags.filter { $0 != own }.prefix(maximumAccounts - 1)
        return SetCookie(
            name: name(issuer), value: Base64URL.encode(device.nonce + device.tags.joined()),
            path: issuer.path.isEmpty ? "/" : issuer.path, maxAge: life, secure: issuer.usesHTTPS, sameSite: .lax
        ).headerValue
    }

    /// What the browser is called for this account; `nil` where the account has not signed in in it.
    func tag(of account: String, _ issuer: Issuer) -> String? {
        let own = Secret(code(for: account, issuer))
        return tags.contains { Secret($0).matches(own) } ? Base64URL.encode(own.bytes) : nil
    }

    private init(nonce: [UInt8], tags: [[UInt8]]) {
        self.nonce = nonce
        self.tags = tags
    }

    private init?(cookie: String) {
        guard cookie.utf8.count <= 512, let bytes = Base64URL.decode(cookie),
            (1...Self.maximumAccounts).contains((bytes.count - Self.nonceLength) / Self.tagLength),
            (bytes.count - Self.nonceLength) % Self.tagLength == 0
        else { return nil }
        nonce = Array(bytes.prefix(Self.nonceLength))
        tags = stride(from: Self.nonceLength, to: bytes.count, by: Self.tagLength).map { start in
            Array(bytes[start..<start + Self.tagLength])
        }
    }

    private func code(for account: String, _ issuer: Issuer) -> [UInt8] {
        let code = issuer.deviceCookieKeys.authenticate(nonce + Array(account.utf8))
        return Array(sha256(code.utf8).prefix(Self.tagLength))
    }

    /// As the session's cookie it goes to the issuer's path only.
    static let plainName = "gatehouse_device"

    private static func name(_ issuer: Issuer) -> String {
        guard issuer.usesHTTPS else { return plainName }
        return issuer.path.isEmpty ? "__Host-\(plainName)" : "__Secure-\(plainName)"
    }
}
