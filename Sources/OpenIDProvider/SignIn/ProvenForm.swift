import JOSE
import Web

/// A form of ours carries a proof about what it is for, which only the browser's login cookie makes: another site can send no form
/// that counts.
enum ProvenForm {
    static let field = "proof"

    /// What brings an authorization request back with a form that goes on with it.
    static func fields(request sealed: String, about subject: String, _ browser: LoginCookie) -> [HiddenField] {
        [
            HiddenField(name: SignInEndpoint.requestField, value: sealed),
            HiddenField(name: field, value: browser.proof(of: subject)),
        ]
    }

    /// The browser that was shown the form; `nil` where another sent it.
    static func browser(
        of fields: FormFields, about subject: String, in request: WebRequest, issuer: Issuer
    ) -> LoginCookie? {
        guard let proof = fields.first(field) else { return nil }
        return LoginCookie.all(in: request, issuer: issuer).first { $0.proves(proof, of: subject) }
    }

    /// Whether a posted form is the browser's own, from a page of ours.
    static func isOurs(_ fields: FormFields, about subject: String, in request: WebRequest, issuer: Issuer) -> Bool {
        FormOrigin.isOurs(request, issuer: issuer.settings.issuer)
            && browser(of: fields, about: subject, in: request, issuer: issuer) != nil
    }
}
