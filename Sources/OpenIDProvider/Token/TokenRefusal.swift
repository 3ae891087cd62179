import Accounts
import OpenIDConnect
import Web

/// Why an endpoint for clients gives nothing (RFC 6749 §5.2).
struct TokenRefusal: Sendable {
    let error: OAuthError
    var status = 400
    /// More header fields of the answer.
    var headers: HeaderList = [:]
    /// The grant to end: what was shown had been used before, so somebody else may have it.
    var endedGrantID: String?
    /// For the audit line: more than the client is told.
    var detail: String?
    /// Part of how things go, and no audit line: a device that asks before its user has answered.
    var isExpected = false
    /// What the audit line has, too.
    var reference: Reference?

    init(_ code: OAuthError.Code, _ description: String) { error = OAuthError(code, description) }

    static func grant(_ description: String) -> TokenRefusal { TokenRefusal(.invalidGrant, description) }

    static func reuse(_ description: String, ending grantID: String) -> TokenRefusal {
        var refusal = TokenRefusal.grant(description)
        refusal.endedGrantID = grantID
        return refusal
    }

    static func method() -> TokenRefusal {
        var refusal = TokenRefusal(.invalidRequest, "this endpoint takes POST only")
        refusal.status = 405
        refusal.headers = ["allow": "POST"]
        return refusal
    }

    static func client(triedHeader: Bool, why: String? = nil) -> TokenRefusal {
        var refusal = TokenRefusal(.invalidClient, "the client is unknown or its authentication failed")
        refusal.status = 401
        refusal.detail = why
        if triedHeader { refusal.headers = ["www-authenticate": "Basic realm=\"token\", charset=\"UTF-8\""] }
        return refusal
    }

    /// A device that has to ask again (RFC 8628 §3.5).
    static func wait(_ code: OAuthError.Code, _ description: String) -> TokenRefusal {
        var refusal = TokenRefusal(code, description)
        refusal.isExpected = true
        return refusal
    }

    static func unavailable(retryAfter seconds: Int64 = 5) -> TokenRefusal {
        var refusal = TokenRefusal(.temporarilyUnavailable, "try again in a moment")
        refusal.status = 503
        refusal.headers = ["retry-after": "\(seconds)"]
        return refusal
    }

    static func tooMany(retryAfter seconds: Int64) -> TokenRefusal {
        var refusal = TokenRefusal.unavailable(retryAfter: seconds)
        refusal.status = 429
        return refusal
    }

    var response: WebResponse {
        var response = JSONResponse.error(error, status: status, reference: reference)
        for field in headers.fields { response.headers.add(field.name, field.value) }
        return response
    }
}
