import AuthService
import Web

/// A decision that every dialect can write down as it stands: what a `Decision` may not say has become a closed answer here.
///
/// The one place where an allow comes from. A dialect has only two things to do: let the request pass with these headers, or
/// give the client this response.
enum Verdict {
    case allow(Accepted)
    case answer(WebResponse, Rejection.Kind)

    /// - Parameter gatewayCarriesPages: as in `CheckRequest`; where it is false a 2xx for the client would read as *allow*.
    init(_ decision: Decision, gatewayCarriesPages: Bool) {
        switch decision {
        case .accept(let accepted):
            self = Self.isWritable(accepted) ? .allow(Self.disjoint(accepted)) : .bug
        case .reject(let rejection):
            self = Self.answer(rejection.response, rejection.kind, statuses: 400...599)
        case .redirect(let redirection):
            self = Self.answer(redirection.response, .unauthenticated, statuses: 300...399)
        case .respond(let page):
            self = Self.answer(page.response, .forbidden, statuses: gatewayCarriesPages ? 200...599 : 300...599)
        }
    }

    /// Whether this lets the request pass.
    var allows: Bool { if case .allow = self { true } else { false } }

    private static var bug: Verdict { .answer(Refusal.internalError.response, .unavailable) }

    private static func answer(_ response: WebResponse, _ kind: Rejection.Kind, statuses: ClosedRange<Int>) -> Verdict {
        guard statuses.contains(response.status), response.headers.fields.allSatisfy({ isWritable($0.name, $0.value) }) else {
            return bug
        }
        return .answer(response, kind)
    }

    private static func isWritable(_ accepted: Accepted) -> Bool {
        accepted.headersToSet.allSatisfy { isWritable($0.name, $0.value) }
            && accepted.headersToRemove.allSatisfy(FieldSyntax.isToken)
            && accepted.cookies.allSatisfy(FieldSyntax.isValue)
    }

    private static func isWritable(_ name: String, _ value: String) -> Bool {
        FieldSyntax.isToken(name) && FieldSyntax.isValue(value)
    }

    /// Envoy removes after it has set: a name on both lists would lose its value.
    private static func disjoint(_ accepted: Accepted) -> Accepted {
        guard !accepted.headersToRemove.isEmpty else { return accepted }
        let set = Set(accepted.headersToSet.map { $0.name.lowercased() })
        var accepted = accepted
        accepted.headersToRemove.removeAll { set.contains($0.lowercased()) }
        return accepted
    }
}
