package import JOSE
package import OpenIDConnect

/// A device that waits for its user (RFC 8628 §3.2), as a store keeps it.
package struct DeviceRecord: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        /// Nobody has answered yet.
        case pending
        /// Somebody has signed in and said yes; the device gets the tokens of this grant.
        case approved(grantID: String)
        case denied
        /// The device has its tokens.
        case used
    }

    /// The device code's digest; unique.
    package let key: SecretDigest
    /// The user code's digest; unique.
    package let userCode: SecretDigest
    package let clientID: String
    /// As granted, should somebody say yes.
    package let scope: Scope
    package let expiresAt: UnixTime
    /// Seconds that the device has to leave between two questions; grows when it does not.
    package var interval: Int64
    package var askedAt: UnixTime?
    package var state: State
    /// 1 at first; every replacement adds one.
    package var version: Int64

    package init(
        key: SecretDigest, userCode: SecretDigest, clientID: String, scope: Scope, expiresAt: UnixTime, interval: Int64,
        askedAt: UnixTime? = nil, state: State = .pending, version: Int64 = 1
    ) {
        self.key = key
        self.userCode = userCode
        self.clientID = clientID
        self.scope = scope
        self.expiresAt = expiresAt
        self.interval = interval
        self.askedAt = askedAt
        self.state = state
        self.version = version
    }

    /// The next version, in another state.
    func moved(to state: State) -> DeviceRecord {
        var next = self
        next.state = state
        next.version = version.addingReportingOverflow(1).partialValue
        return next
    }
}

/// An authorization request that a client has pushed (RFC 9126 §2), as a store keeps it.
package struct PushedRequestRecord: Sendable, Equatable {
    /// The digest of what stands for it in `request_uri`; unique.
    package let key: SecretDigest
    package let clientID: String
    /// The parameters as they came, form-encoded.
    package let parameters: String
    package let expiresAt: UnixTime

    package init(key: SecretDigest, clientID: String, parameters: String, expiresAt: UnixTime) {
        self.key = key
        self.clientID = clientID
        self.parameters = parameters
        self.expiresAt = expiresAt
    }
}
