import Web

/// What a request's `Authorization` field presents (RFC 9110 §11.6.2).
enum PresentedCredential: Sendable {
    /// None, or one of a scheme that is none of ours to read.
    case none
    /// RFC 6750 §2.1.
    case bearer(String)
    /// RFC 9449 §7.1.
    case dpop(String)
    /// RFC 7617: the part behind the scheme, still encoded.
    case basic(String)
    /// Of a scheme of ours, but not as it is written.
    case unreadable(Scheme, reason: String)

    init(_ headers: HeaderList) {
        let values = headers.all("authorization")
        guard let value = values.first else {
            self = .none
            return
        }
        let scheme = value.utf8.prefix { $0 != 0x20 }
        // Of two fields one could be read here and the other by the application.
        guard let known = values.lazy.compactMap({ Scheme($0.utf8.prefix { $0 != 0x20 }) }).first else {
            self = .none
            return
        }
        guard values.count == 1 else {
            self = .unreadable(known, reason: "several Authorization fields")
            return
        }
        let token = value.utf8[scheme.endIndex...].drop { $0 == 0x20 }
        guard Self.isToken68(token) else {
            self = .unreadable(known, reason: "the Authorization field is not one token")
            return
        }
        let text = String(decoding: token, as: UTF8.self)
        switch known {
        case .bearer: self = .bearer(text)
        case .dpop: self = .dpop(text)
        case .basic: self = .basic(text)
        }
    }

    enum Scheme: Sendable {
        case bearer, dpop, basic

        var isBasic: Bool { if case .basic = self { true } else { false } }

        /// The name in any case of letters.
        init?(_ name: some Collection<UInt8>) {
            func isNamed(_ other: StaticString) -> Bool {
                other.withUTF8Buffer { other in
                    name.count == other.count && zip(name, other).allSatisfy { $0 | 0x20 == $1 }
                }
            }
            if isNamed("bearer") {
                self = .bearer
            } else if isNamed("dpop") {
                self = .dpop
            } else if isNamed("basic") {
                self = .basic
            } else {
                return nil
            }
        }
    }

    /// `token68` of RFC 9110 §11.2, up to 64 KiB.
    private static func isToken68(_ bytes: some Collection<UInt8>) -> Bool {
        guard (1...64 * 1024).contains(bytes.count) else { return false }
        var padding = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "="): padding = true
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                if padding { return false }
            default: return false
            }
        }
        return true
    }
}
