import NIOHPACK
import Web

/// The fields of one header block, read once from first to last.
struct FieldSection {
    private(set) var method: String?
    private(set) var scheme: String?
    private(set) var authority: String?
    private(set) var path: String?
    private(set) var contentType: String?
    private(set) var contentLength: Int?
    private(set) var hasPseudoFields = false
    private var host: String?
    private var inRegularFields = false

    /// `nil`: a field is malformed.
    init?(_ headers: HPACKHeaders) {
        for (name, value, _) in headers {
            guard FieldBytes.isValue(value), take(name, value) else { return nil }
        }
    }

    private struct Check {
        let name: String
        let section: String
        let holds: @Sendable (FieldSection) -> Bool
    }

    private static let requestChecks: [Check] = [
        Check(name: "one method", section: "8.3.1") { $0.method.map(FieldSyntax.isToken) ?? false },
        Check(name: "scheme and path, but not for CONNECT", section: "8.3.1, 8.5") {
            let isConnect = $0.method == "CONNECT"
            return ($0.scheme == nil) == isConnect && ($0.path == nil) == isConnect
        },
        Check(name: "path is not empty", section: "8.3.1") { $0.path != "" },
        Check(name: "CONNECT names whom", section: "8.5") { $0.method != "CONNECT" || $0.authority != nil },
        Check(name: "authority without user", section: "8.3.1") { $0.authority?.utf8.contains(UInt8(ascii: "@")) != true },
        Check(name: "host says the same", section: "8.3.1") { fields in
            guard let host = fields.host, let authority = fields.authority else { return true }
            return sameBytes(host, authority)
        },
    ]

    var isRequest: Bool { Self.requestChecks.allSatisfy { $0.holds(self) } }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        if name.utf8.first == UInt8(ascii: ":") { return takePseudo(name, value) }
        inRegularFields = true
        return FieldBytes.isName(name) && takeRegular(name, value)
    }

    /// Each at most once and before the regular fields; none but those of a request (section 8.3).
    private mutating func takePseudo(_ name: String, _ value: String) -> Bool {
        hasPseudoFields = true
        guard !inRegularFields else { return false }
        switch name {
        case ":method": return Self.set(&method, value)
        case ":scheme": return Self.set(&scheme, value)
        case ":authority": return Self.set(&authority, value)
        case ":path": return Self.set(&path, value)
        default: return false
        }
    }

    /// The fields that belong to an HTTP/1 connection are refused (section 8.2.2), those of the framing are kept.
    private mutating func takeRegular(_ name: String, _ value: String) -> Bool {
        switch name {
        case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade": return false
        case "te": return value == "trailers"
        case "host": return Self.set(&host, value)
        case "content-type": return Self.set(&contentType, value)
        case "content-length": return takeLength(value)
        default: return true
        }
    }

    private mutating func takeLength(_ value: String) -> Bool {
        guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(value) else { return false }
        guard contentLength == nil || contentLength == length else { return false }
        contentLength = length
        return true
    }

    private static func set(_ field: inout String?, _ value: String) -> Bool {
        guard field == nil else { return false }
        field = value
        return true
    }
}
