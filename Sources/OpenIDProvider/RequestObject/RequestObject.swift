import JOSE
import Web

/// The parameters of an authorization request as one text that the client signs (RFC 9101).
struct RequestObject {
    enum Outcome: Sendable {
        /// Only these count, whatever stands beside the object (§6.3).
        case parameters(FormFields)
        /// `why` is for the audit line.
        case refused(why: String)
    }

    let issuer: Issuer
    let client: Client
    let now: UnixTime

    func outcome(_ text: String) async -> Outcome {
        guard let token = try? JSONWebSignature(compact: text) else { return .refused(why: "no signed JWT") }
        guard await issuer.isSigned(token, by: client) else { return .refused(why: "not signed by the client (RFC 9101 §6.2)") }
        let facts = RequestObjectFacts(token: token, client: client, issuer: issuer.settings.issuer, now: now)
        for check in RequestObjectChecks.all where !check.isFulfilled(facts) {
            return .refused(why: "\(check.name) (\(check.section))")
        }
        guard let fields = Self.fields(token.claims) else { return .refused(why: "a parameter is no text") }
        return .parameters(fields)
    }

    /// Of the token and not of the request.
    private static let own: Set = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"]

    private static func fields(_ claims: JSONObject) -> FormFields? {
        var query = QueryString()
        for claim in claims.members where !own.contains(claim.name) {
            guard let text = text(claim.value) else { return nil }
            query.add(claim.name, text)
        }
        return FormFields(query: query.encoded)
    }

    /// Numbers and objects are such in a request object, not texts (OpenID Connect Core §6.1).
    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .bool(let flag): String(flag)
        case .object: value.jsonText
        case .null, .number, .array: nil
        }
    }
}
