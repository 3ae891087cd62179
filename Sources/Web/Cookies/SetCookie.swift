/// One `set-cookie` field (RFC 6265bis, section 4.1).
package struct SetCookie: Sendable, Equatable {
    package enum SameSite: String, Sendable {
        case lax = "Lax"
        case strict = "Strict"
        case none = "None"
    }

    package var name: String
    package var value: String
    package var path: String
    /// nil: the cookie goes to the host that set it only, as the `__Host-` prefix asks.
    package var domain: String?
    /// Seconds; nil: until the browser is closed; 0 removes the cookie.
    package var maxAge: Int?
    package var httpOnly: Bool
    package var secure: Bool
    package var sameSite: SameSite

    package init(
        name: String, value: String, path: String = "/", domain: String? = nil, maxAge: Int? = nil,
        httpOnly: Bool = true, secure: Bool = true, sameSite: SameSite = .lax
    ) {
        self.name = name
        self.value = value
        self.path = path
        self.domain = domain
        self.maxAge = maxAge
        self.httpOnly = httpOnly
        self.secure = secure
        self.sameSite = sameSite
    }

    /// The cookie that removes this one: name, path, domain and flags are what the browser finds it by.
    package var deletion: SetCookie {
        var cookie = self
        cookie.value = ""
        cookie.maxAge = 0
        return cookie
    }

    /// A byte that would end the attribute or the header is percent-encoded, wherever it comes from.
    package var headerValue: String {
        var text = "\(Self.safe(name))=\(Self.safe(value)); Path=\(Self.safe(path))"
        if let domain { text += "; Domain=\(Self.safe(domain))" }
        if let maxAge {
            text += "; Max-Age=\(max(maxAge, 0))"
            if maxAge <= 0 { text += "; Expires=Thu, 01 Jan 1970 00:00:00 GMT" }
        }
        if httpOnly { text += "; HttpOnly" }
        if secure { text += "; Secure" }
        return text + "; SameSite=\(sameSite.rawValue)"
    }

    private static func safe(_ text: String) -> String {
        guard !text.utf8.allSatisfy(\.isCookieByte) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte.isCookieByte {
                bytes.append(byte)
            } else {
                PercentEncoding.appendEscape(of: byte, to: &bytes)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    /// `cookie-octet` of RFC 6265, section 4.1.1.
    fileprivate var isCookieByte: Bool {
        switch self {
        case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\\"): false
        default: isVisibleASCII
        }
    }
}
