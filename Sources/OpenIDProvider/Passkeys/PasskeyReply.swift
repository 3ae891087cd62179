import JOSE
import Web
import WebAuthn

/// What a form with a passkey's button has posted.
struct PasskeyReply: Sendable {
    /// No browser says more: an attestation with its certificates at most.
    private static let maximumBytes = 64 * 1024

    let sealedChallenge: String
    let credential: String
    /// Whose form it was.
    let browser: LoginCookie

    /// `nil` where the form has no such fields.
    init?(_ fields: FormFields, browser: LoginCookie) {
        guard let challenge = fields.first(PasskeyChallenge.field), let credential = fields.first(PasskeyForm.credentialField),
            credential.utf8.count <= Self.maximumBytes
        else { return nil }
        sealedChallenge = challenge
        self.credential = credential
        self.browser = browser
    }

    var json: JSONValue? { try? JSONReader.read(Array(credential.utf8), maximumDepth: 4) }

    /// What must have been signed.
    var challenge: [UInt8] { PasskeyChallenge.bytes(of: sealedChallenge, in: browser) }
}

/// Why a passkey does not count.
enum PasskeyRefusal: Error, Sendable, Equatable {
    /// The form is too old: the person may try once more.
    case expired
    case ceremony(CeremonyRefusal)
    /// The challenge is none of ours, or for something or somebody else.
    case foreignChallenge
    case unreadable
    /// Nobody's, or of somebody else than it has to be.
    case unknownCredential
    /// What was signed has counted once.
    case replayed
    /// Another request has used the passkey, or taken it away, at the same time.
    case overtaken
    /// The account has it already, or cannot have more.
    case notAdded

    /// For the audit log.
    var reason: String {
        switch self {
        case .expired: "passkey: the challenge has expired"
        case .ceremony(let refusal): "passkey: \(refusal.reason)"
        case .foreignChallenge: "passkey: the challenge is not one for this form"
        case .unreadable: "passkey: what the browser sent cannot be read"
        case .unknownCredential: "passkey: not a credential of this account"
        case .replayed: "passkey: the assertion was used before"
        case .overtaken: "passkey: it was used or removed at the same time"
        case .notAdded: "passkey: the account has it already, or as many as it can have"
        }
    }
}
