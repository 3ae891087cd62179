package import AuthService
package import Web

/// What a dialect answers by itself, before or instead of a decision. Never an allow.
package enum Refusal: String, Error, CaseIterable {
    case noRequest = "the check names no HTTP request"
    case badMethod = "the method is not a token"
    case badPath = "the path does not start with /"
    case badHost = "there is not exactly one host"
    case badScheme = "the scheme is not http or https"
    case badHeader = "a header field is not well formed"
    case notUTF8 = "the request is not valid UTF-8"
    case malformed = "the message cannot be read"
    case pathTooLong = "the path is too long"
    case tooManyHeaders = "there are too many header fields"
    case bodyTooLarge = "the body is too large"
    case untrustedGateway = "the peer is no trusted gateway"
    case noProxySecret = "the gateway does not show the proxy secret"
    case forgedHeader = "a header is there that only the gateway may set"
    case unknownPath = "no gateway's check lives here"
    case overloaded = "too many requests are waiting"
    case internalError = "something went wrong here"

    package var status: Int {
        switch self {
        case .noRequest, .badMethod, .badPath, .badHost, .badScheme, .badHeader, .notUTF8, .malformed: 400
        case .untrustedGateway, .noProxySecret, .forgedHeader: 403
        case .unknownPath: 404
        case .bodyTooLarge: 413
        case .pathTooLong: 414
        case .tooManyHeaders: 431
        case .internalError: 500
        case .overloaded: 503
        }
    }

    /// RFC 6749's words where it has one for the case.
    package var code: String {
        switch self {
        case .overloaded: "temporarily_unavailable"
        case .internalError: "server_error"
        case .untrustedGateway, .noProxySecret, .forgedHeader: "access_denied"
        case .unknownPath: "not_found"
        default: "invalid_request"
        }
    }

    package var response: WebResponse {
        var headers: HeaderList = ["content-type": "application/json", "cache-control": "no-store"]
        if self == .overloaded { headers.add("retry-after", "1") }
        let body = #"{"error":"\#(code)","error_description":"\#(rawValue)"}"#
        return WebResponse(status: status, headers: headers, body: [UInt8](body.utf8))
    }

    package var decision: Decision {
        .reject(Rejection(kind: kind, response: response))
    }

    private var kind: Rejection.Kind {
        switch status {
        case 403: .forbidden
        case 500...: .unavailable
        default: .invalidRequest
        }
    }
}
