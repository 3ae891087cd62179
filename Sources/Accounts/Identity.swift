package import JOSE

/// Who somebody is, as an issuer's claims say it (OpenID Connect Core §5.1 names).
package struct Identity: Sendable, Equatable {
    /// `iss`: whose word this is.
    package let issuer: String
    /// `sub`: unique and stable at the issuer.
    package let subject: String
    /// Every claim about the person, `iss` and `sub` apart. What belongs to the token (`exp`, `nonce` …) is not in here.
    package let claims: JSONObject

    package init(issuer: String, subject: String, claims: JSONObject) {
        self.issuer = issuer
        self.subject = subject
        self.claims = claims
    }

    package var email: String? { claims["email"]?.string }
    package var emailVerified: Bool { claims["email_verified"]?.bool ?? false }
    /// Whether the issuer itself says that the address was never verified; some say nothing of it.
    package var hasUnverifiedEmail: Bool {
        email != nil && (claims["email_verified"] == false || claims["email_verified"] == "false")
    }
    package var name: String? { claims["name"]?.string }
    package var preferredUsername: String? { claims["preferred_username"]?.string }
    /// `groups`, a list or a single text; anything else is no group.
    package var groups: [String] { claims["groups"]?.stringList ?? [] }

    /// A claim as the text of a header: texts as they are, lists of texts joined with `,`, whole numbers and booleans as written.
    /// `nil` where the claim is missing or has no such text.
    package func text(of claim: String) -> String? {
        switch claim {
        case "sub": subject
        case "iss": issuer
        default: Self.text(claims[claim])
        }
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): text
        // A comma inside a name would make two names of one: a group `x,admins` must not open what `admins` opens.
        case .array: value?.stringList?.map(escapingCommas).joined(separator: ",")
        case .bool(let flag): String(flag)
        case .integer(let number): String(number)
        default: nil
        }
    }

    private static func escapingCommas(_ name: String) -> String {
        name.utf8.contains(UInt8(ascii: ","))
            ? name.split(separator: ",", omittingEmptySubsequences: false).joined(separator: "%2C") : name
    }
}
