import JOSE
import WebAuthn

extension SecondFactor {
    /// What a registered credential is kept as.
    /// - Parameter login: what its owner types to sign in, which the passkey stands for.
    init(
        _ credential: RegisteredCredential, id: String, of account: SecondFactorAccount, label: String, login: String,
        now: UnixTime
    ) {
        let details: JSONValue = [
            "key": .string(Base64URL.encode(credential.publicKey)), "aaguid": .string(Base64URL.encode(credential.aaguid)),
            "eligible": .bool(credential.isBackupEligible), "backedUp": .bool(credential.isBackedUp), "login": .string(login),
        ]
        self.init(
            id: id, account: account, kind: .passkey, label: label, details: details.object ?? JSONObject(),
            credentialID: credential.id, counter: Int64(credential.signCount), createdAt: now)
    }

    /// `nil` for a factor of another kind.
    var passkey: KnownCredential? {
        guard kind == .passkey, let credentialID, let key = details["key"]?.string.flatMap({ Base64URL.decode($0) }),
            let signCount = UInt32(exactly: counter)
        else { return nil }
        return KnownCredential(
            id: credentialID, publicKey: key, userHandle: account.passkeyUserHandle, signCount: signCount,
            isBackupEligible: details["eligible"]?.bool ?? false)
    }

    /// What its owner types to sign in.
    var passkeyLogin: String { details["login"]?.string ?? "" }

    /// As it is after a use.
    func used(_ assertion: VerifiedAssertion, at now: UnixTime) -> SecondFactor {
        changed { factor in
            factor.counter = Int64(assertion.signCount)
            factor.lastUsedAt = now
            factor.details["backedUp"] = .bool(assertion.isBackedUp)
        }
    }

    /// The methods of a sign-in with it (RFC 8176 §2): whether other devices have its key, too, and that somebody was there.
    var passkeyMethods: [String] { [details["eligible"]?.bool ?? false ? "swk" : "hwk", "user"] }
}

extension SecondFactorAccount {
    /// What authenticators know the account by: says nothing about the person (WebAuthn §14.6.1).
    var passkeyUserHandle: [UInt8] { sha256("gatehouse passkey user\n\(subject)".utf8) }
}
