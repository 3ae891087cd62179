import JOSE

/// What a token is bound to (`cnf`, RFC 7800 §3.1): whoever presents it has to show that they have that.
enum TokenBinding: Sendable {
    case none
    /// The thumbprint of the client's key (`jkt`, RFC 9449 §6.1), base64url.
    case key(thumbprint: String)
    /// A certificate (`x5t#S256`, RFC 8705 §3.1) or whatever else.
    case other

    init(claims: JSONObject) {
        guard let confirmation = claims["cnf"] else {
            self = .none
            return
        }
        guard let members = confirmation.object, members.members.count == 1, let thumbprint = members["jkt"]?.string else {
            self = .other
            return
        }
        self = .key(thumbprint: thumbprint)
    }

    var thumbprint: String? { if case .key(let thumbprint) = self { thumbprint } else { nil } }
}
