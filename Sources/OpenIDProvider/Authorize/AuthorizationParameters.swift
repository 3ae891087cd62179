import OpenIDConnect
import Web

/// The parameters of one authorization request as they came (RFC 6749 §4.1.1), for the checks to look at.
struct AuthorizationParameters: Sendable {
    /// `nil` where they cannot be read.
    let fields: FormFields?
    let settings: IssuerSettings
    private(set) var source = RequestSource.plain
    /// The ID token in `id_token_hint`, where it is one of ours.
    private(set) var hint: IDTokenHint?

    /// From the query of a GET or the form of a POST; a POST with both could be read in two ways and is not read.
    init(_ request: WebRequest, settings: IssuerSettings) {
        self.settings = settings
        guard sameBytes(request.method, "POST") else {
            fields = FormFields(query: request.query)
            return
        }
        fields = request.query.isEmpty ? FormBody.fields(request) : nil
    }

    /// Out of a request object, or pushed.
    init(_ fields: FormFields, settings: IssuerSettings, source: RequestSource) {
        self.fields = fields
        self.settings = settings
        self.source = source
    }

    /// The same parameters, and what is wrong with how they came.
    func from(_ source: RequestSource) -> AuthorizationParameters {
        var parameters = self
        parameters.source = source
        return parameters
    }

    /// The same parameters, with the ID token that they hold.
    func hinted(_ issuer: Issuer) -> AuthorizationParameters {
        var parameters = self
        parameters.hint = self["id_token_hint"].flatMap { IDTokenHint($0, issuer: issuer) }
        return parameters
    }

    /// A parameter without a value counts as left out (RFC 6749 §3.1).
    subscript(name: String) -> String? {
        fields?.first(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a parameter is longer than `limit` bytes.
    func isLong(_ name: String, limit: Int) -> Bool { (self[name]?.utf8.count ?? 0) > limit }

    var client: Client? { self["client_id"].flatMap(settings.client) }

    /// The redirect URI, where it is one of the client's.
    var registeredRedirectURI: String? {
        guard let client, let uri = self["redirect_uri"], RedirectURI.isRegistered(uri, for: client) else { return nil }
        return uri
    }

    /// `nil` where there is none or it is malformed.
    var scope: Scope? { self["scope"].flatMap { Scope(parsing: $0) } }

    /// `nil` for one that we do not know.
    var responseMode: ResponseMode? { ResponseMode(rawValue: self["response_mode"] ?? ResponseMode.query.rawValue) }

    /// Only a wish: longer ones than anybody has are no reason to refuse.
    var uiLocales: String? { isLong("ui_locales", limit: 256) ? nil : self["ui_locales"] }

    var prompts: [String] { (self["prompt"] ?? "").split(separator: " ").map(String.init) }

    /// Only wishes: of long lists the first ones count.
    var acrValues: [String] { (self["acr_values"] ?? "").split(separator: " ").prefix(16).map(String.init) }

    /// `nil` where there is none or it is malformed.
    var claims: ClaimsParameter? { self["claims"].flatMap(ClaimsParameter.init) }
}
