import Accounts
import JOSE
import Web

/// What a refusal says in public; what happened inside goes to the audit log only.
struct RefusalText: Sendable {
    let status: Int
    /// For programs.
    let error: String
    let message: PageTexts.Message
    var link: PageLink?
    /// The methods that would do (`allow`), where the method was the matter.
    var allow: String?
    /// Which credential would do (`www-authenticate`, RFC 9110 §11.6.1), where that was the matter.
    var challenge: String?
    /// Seconds until another try is welcome (`retry-after`).
    var retryAfter: Int64?

    func page(_ reference: Reference, look: PageLook) -> WebResponse {
        MessagePage(message, reference: reference.text, link: link, look: look).response(status: status)
    }

    func json(_ reference: Reference) -> WebResponse {
        .json(
            ["error": .string(error), "message": .string(message.sentence), "reference": .string(reference.text)],
            status: status)
    }
}
