/// Something that people who watch over sign-ins must be able to find later. Never holds a secret, token, cookie or code.
package struct AuditEvent: Sendable {
    package enum Kind: String, Sendable {
        case signIn = "sign_in"
        case signInFailed = "sign_in_failed"
        case signOut = "sign_out"
        case consent
        case refusal
        case tokenIssued = "token_issued"
        case tokenRefused = "token_refused"
        case revocation
        case refreshFailed = "refresh_failed"
        case keyRotation = "key_rotation"
        case clientRegistered = "client_registered"
        case passwordChanged = "password_changed"
        /// An administrator has made, changed or deleted a user.
        case userChanged = "user_changed"
        case secondFactorEnrolled = "second_factor_enrolled"
        case secondFactorUsed = "second_factor_used"
        case secondFactorRefused = "second_factor_refused"
        /// Somebody has taken one of their own away, or has new recovery codes.
        case secondFactorChanged = "second_factor_changed"
        /// An administrator has taken all of somebody's away.
        case secondFactorReset = "second_factor_reset"
        /// An administrator has made, changed or deleted a client.
        case clientChanged = "client_changed"
        /// An administrator has made, changed or deleted a connector.
        case connectorChanged = "connector_changed"
    }

    package var kind: Kind
    /// What the person sees too, so that a call to support finds this line.
    package var reference: Reference
    /// Why, in words for operators; from our own code or an error code, never a value that a client sent.
    package var reason: String?
    package var issuer: String?
    package var subject: String?
    package var email: String?
    package var client: String?
    package var connector: String?
    package var clientAddress: String?
    /// `x-request-id` of the request that led to it.
    package var requestID: String?
    /// The rule that decided, as `rules[3]`.
    package var rule: String?

    package init(kind: Kind, reference: Reference, reason: String? = nil) {
        self.kind = kind
        self.reference = reference
        self.reason = reason
    }

    /// The event with the person that it is about.
    package func about(_ identity: Identity) -> AuditEvent {
        var event = self
        event.issuer = identity.issuer
        event.subject = identity.subject
        event.email = identity.email
        return event
    }
}
