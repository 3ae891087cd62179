package import JOSE

/// What somebody proves a sign-in with beside their first factor, as a store keeps it: one row each.
package struct SecondFactor: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// An authenticator app (RFC 6238). One an account.
        case totp
        /// Codes on paper, each good once. They come with the first factor of another kind and go with the last. One row an account.
        case recoveryCodes = "recovery_codes"
        /// A credential of an authenticator (WebAuthn). Any number an account; it signs in alone, too.
        case passkey

        /// Whether it stands by itself: recovery codes alone are nothing that somebody signs in with.
        var stands: Bool { self != .recoveryCodes }
    }

    /// Unique.
    package let id: String
    package let account: SecondFactorAccount
    package let kind: Kind
    /// What its owner calls it; empty: as its kind is called.
    package var label: String
    /// What only we can read: an app's key. Sealed by us; empty where there is nothing secret.
    package var sealed: String
    /// Whatever else a kind keeps, none of it secret: hashes of recovery codes, a public key.
    package var details: JSONObject
    /// What a factor is found by of which an account can have several; unique among all accounts. `nil`: one of its kind an account.
    package let credentialID: [UInt8]?
    /// Only ever grows: the step of the newest code that was accepted, an authenticator's signature counter.
    package var counter: Int64
    package let createdAt: UnixTime
    package var lastUsedAt: UnixTime?
    /// 1 at first; every replacement adds one.
    package var version: Int64

    package init(
        id: String, account: SecondFactorAccount, kind: Kind, label: String = "", sealed: String = "",
        details: JSONObject = JSONObject(), credentialID: [UInt8]? = nil, counter: Int64 = 0, createdAt: UnixTime,
        lastUsedAt: UnixTime? = nil, version: Int64 = 1
    ) {
        self.id = id
        self.account = account
        self.kind = kind
        self.label = label
        self.sealed = sealed
        self.details = details
        self.credentialID = credentialID
        self.counter = counter
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.version = version
    }

    /// The next version.
    func changed(_ change: (inout SecondFactor) -> Void) -> SecondFactor {
        var next = self
        change(&next)
        next.version = version.addingReportingOverflow(1).partialValue
        return next
    }
}

/// Whose a second factor is: somebody as one connector knows them.
package struct SecondFactorAccount: Sendable, Hashable {
    package let connectorID: String
    /// Unchanging at the connector.
    package let userID: String
    /// `sub`, which is made of both: how administrators name somebody.
    package let subject: String

    package init(connectorID: String, userID: String) {
        self.connectorID = connectorID
        self.userID = userID
        subject = Subject.of(ConnectorUser(id: userID, claims: JSONObject()), connectorID: connectorID)
    }

    init(_ account: SSOAccount) { self.init(connectorID: account.connectorID, userID: account.user.id) }
}
