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
            self = .allow(accepted)
        case .reject(let rejection):
            self = Self.answer(rejection.response, rejection.kind, statuses: 400...599)
        case .redirect(let redirection):
            self = Self.answer(redirection.response, .unauthenticated, statuses: 300...399)
        case .respond(let page):
            self = Self.answer(page.response, .forbidden, statuses: gatewayCarriesPages ? 200...599 : 300...599)
        }
    }

    /// For gateways that get an allow in another way: a response that lets nobody pass.
    var refusal: WebResponse {
        switch self {
        case .allow: Refusal.internalError.response
        case .answer(let response, _): response
        }
    }

    /// Something of ours is wrong.
    private static var bug: Verdict { .answer(Refusal.internalError.response, .unavailable) }

    private static func answer(_ response: WebResponse, _ kind: Rejection.Kind, statuses: ClosedRange<Int>) -> Verdict {
        guard statuses.contains(response.status), response.headers.fields.allSatisfy({ isWritable($0.name, $0.value) }) else {
            return bug
        }
        return .answer(response, kind)
    }

    /// Whether nothing in it would break a message. Found out once: a grant's bytes are written once.
    static func isWritable(_ grant: AcceptedGrant) -> Bool {
        grant.headersToSet.allSatisfy { isWritable($0.name, $0.value) } && grant.headersToRemove.allSatisfy(FieldSyntax.isToken)
    }

    private static func isWritable(_ name: String, _ value: String) -> Bool {
        FieldSyntax.isToken(name) && FieldSyntax.isValue(value)
    }
}
