import AuthService
import Web

/// A client's request as a dialect has read it, before it is known to be one well-formed request.
///
/// A message can name its method, path and host more than once; all that it names have to agree: the gateway and we must not
/// read two different requests.
struct RequestReading {
    struct Conflicts: OptionSet {
        let rawValue: UInt8
        static let method = Conflicts(rawValue: 1)
        static let target = Conflicts(rawValue: 2)
        static let authority = Conflicts(rawValue: 4)
    }

    var message: RequestMessage
    /// What the message named twice, and not the same.
    var conflicts: Conflicts = []
    /// `nil`: it was neither of the two.
    var scheme: Origin.Scheme?
    private var named: Conflicts = []

    init(_ message: RequestMessage) {
        self.message = message
    }

    /// Takes what the message names as its method, target or host; further ones have to be the same bytes.
    mutating func name(_ what: Conflicts, _ part: RequestMessage.Part) {
        guard named.contains(what) else {
            named.insert(what)
            switch what {
            case .method: message.method = part
            case .target: message.target = part
            default: message.authority = part
            }
            return
        }
        let known = what == .method ? message.method : what == .target ? message.target : message.authority
        if !message.areSame(known, part) { conflicts.insert(what) }
    }

    /// `http` or `https`, as it stands.
    mutating func takeScheme(_ part: RequestMessage.Part) {
        scheme = message.holds("http", at: part) ? .http : message.holds("https", at: part) ? .https : nil
    }

    private struct Check: Sendable {
        let refusal: Refusal
        let holds: @Sendable (borrowing RequestReading) -> Bool
    }

    /// In this order; the first that does not hold is the answer.
    private static let checks: [Check] = [
        Check(refusal: .badMethod) {
            !$0.conflicts.contains(.method) && FieldSyntax.isToken($0.message.bytes.span.extracting($0.message.method.range))
        },
        Check(refusal: .pathTooLong) { $0.message.target.count <= RequestLimits.target },
        Check(refusal: .badPath) {
            !$0.conflicts.contains(.target) && isPath($0.message.bytes.span.extracting($0.message.target.range))
        },
        Check(refusal: .badHost) {
            !$0.conflicts.contains(.authority) && isOneHost($0.message.bytes.span.extracting($0.message.authority.range))
        },
        Check(refusal: .notUTF8) {
            FieldSyntax.isUTF8($0.message.bytes.span.extracting($0.message.target.range))
                && FieldSyntax.isUTF8($0.message.bytes.span.extracting($0.message.authority.range))
        },
        Check(refusal: .badScheme) { $0.scheme != nil },
        Check(refusal: .tooManyHeaders) { $0.message.fields.count <= RequestLimits.headerFields },
    ]

    /// The request for the decision, or why there is none.
    consuming func checked(
        body: [UInt8] = [], gatewayCarriesPages: Bool, gatewayTellsCertificate: Bool = false, client: ClientReader
    ) throws(Refusal) -> CheckRequest {
        for check in Self.checks where !check.holds(self) { throw check.refusal }
        message.scheme = scheme ?? .http
        return CheckRequest(
            message: message, body: body, gatewayCarriesPages: gatewayCarriesPages,
            gatewayTellsCertificate: gatewayTellsCertificate, client: client)
    }

    private static func isPath(_ target: Span<UInt8>) -> Bool {
        !target.isEmpty && target[0] == UInt8(ascii: "/") && isVisible(target)
    }

    /// Envoy joins two lines of Host with a comma.
    private static func isOneHost(_ host: Span<UInt8>) -> Bool {
        for index in host.indices where host[index] == UInt8(ascii: ",") { return false }
        return isVisible(host)
    }

    /// Not empty, no blanks, no control characters.
    private static func isVisible(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] <= 0x20 || bytes[index] == 0x7f { return false }
        return !bytes.isEmpty
    }
}
