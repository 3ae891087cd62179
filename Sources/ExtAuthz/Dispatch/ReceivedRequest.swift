import AuthService
import Web

/// A client's request as a dialect has read it, before it is known to be one well-formed request.
///
/// A message can name its method, path and host more than once; all that it names are kept here, and they have to agree: the
/// gateway and we must not read two different requests.
struct ReceivedRequest {
    var methods: [String]
    var targets: [String]
    var hosts: [String]
    var scheme: String
    var headers: [(name: String, value: String)]
    var body: [UInt8] = []
    var clientAddress = ""
    var id = ""

    private struct Check {
        let refusal: Refusal
        let holds: (ReceivedRequest) -> Bool
    }

    /// In this order; the first that does not hold is the answer.
    private static var checks: [Check] {
        [
            Check(refusal: .badMethod) { agree($0.methods) && FieldSyntax.isToken($0.methods[0]) },
            Check(refusal: .pathTooLong) { $0.targets.allSatisfy { $0.utf8.count <= RequestLimits.target } },
            Check(refusal: .badPath) { agree($0.targets) && isPath($0.targets[0]) },
            Check(refusal: .badHost) { agree($0.hosts) && isOneHost($0.hosts[0]) },
            Check(refusal: .badScheme) { sameBytes($0.scheme, "http") || sameBytes($0.scheme, "https") },
            Check(refusal: .tooManyHeaders) { $0.headers.count <= RequestLimits.headerFields },
            Check(refusal: .badHeader) {
                $0.headers.allSatisfy { FieldSyntax.isToken($0.name) && FieldSyntax.isValue($0.value) }
            },
        ]
    }

    /// The request for the decision, or why there is none.
    func checked(gatewayCarriesPages: Bool) throws(Refusal) -> CheckRequest {
        for check in Self.checks where !check.holds(self) { throw check.refusal }
        let request = WebRequest(
            method: methods[0], scheme: scheme, authority: hosts[0], target: targets[0],
            headers: HeaderList(headers.map { (name: $0.name, value: trimmingBlanks($0.value)) }), body: body,
            clientAddress: clientAddress, id: id)
        return CheckRequest(http: request, gatewayCarriesPages: gatewayCarriesPages)
    }

    /// At least one value, and all of them the same bytes.
    private static func agree(_ values: [String]) -> Bool {
        guard let first = values.first else { return false }
        return values.dropFirst().allSatisfy { sameBytes($0, first) }
    }

    private static func isPath(_ target: String) -> Bool {
        target.utf8.first == UInt8(ascii: "/") && isVisible(target)
    }

    /// Envoy joins two lines of Host with a comma.
    private static func isOneHost(_ host: String) -> Bool {
        isVisible(host) && !host.utf8.contains(UInt8(ascii: ","))
    }

    /// Not empty, no blanks, no control characters.
    private static func isVisible(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }
}
