import OpenIDConnect
import Web

/// Why the token endpoint gives nothing (RFC 6749 §5.2).
struct TokenRefusal: Sendable {
    let error: OAuthError
    var status = 400
    /// More header fields of the answer.
    var headers: HeaderList = [:]
    /// The grant to end: what was shown had been used before, so somebody else may have it.
    var endedGrantID: String?

    init(_ code: OAuthError.Code, _ description: String) { error = OAuthError(code, description) }

    static func grant(_ description: String) -> TokenRefusal { TokenRefusal(.invalidGrant, description) }

    static func reuse(_ description: String, ending grantID: String) -> TokenRefusal {
        var refusal = TokenRefusal.grant(description)
        refusal.endedGrantID = grantID
        return refusal
    }

    static func method() -> TokenRefusal {
        var refusal = TokenRefusal(.invalidRequest, "the token endpoint takes POST only")
        refusal.status = 405
        refusal.headers = ["allow": "POST"]
        return refusal
    }

    static func client(triedHeader: Bool) -> TokenRefusal {
        var refusal = TokenRefusal(.invalidClient, "the client is unknown or its authentication failed")
        refusal.status = 401
        if triedHeader { refusal.headers = ["www-authenticate": "Basic realm=\"token\", charset=\"UTF-8\""] }
        return refusal
    }

    static func unavailable() -> TokenRefusal {
        var refusal = TokenRefusal(.temporarilyUnavailable, "try again in a moment")
        refusal.status = 503
        refusal.headers = ["retry-after": "5"]
        return refusal
    }

    var response: WebResponse {
        var response = JSONResponse.error(error, status: status)
        for field in headers.fields { response.headers.add(field.name, field.value) }
        return response
    }
}
