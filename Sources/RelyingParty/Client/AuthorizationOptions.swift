/// What every authorization request of one client asks, unless the request itself asks otherwise.
package struct AuthorizationOptions: Sendable {
    /// How the reply comes back (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode).
    package enum ResponseMode: String, Sendable {
        case query
        case formPost = "form_post"
    }

    /// Whether the parameters go to the provider first, and the browser carries a reference only (RFC 9126).
    package enum Pushing: Sendable {
        /// Where the provider requires it.
        case automatic
        case always
        case never
    }

    package var responseMode = ResponseMode.query
    package var prompt: String?
    /// Seconds since the person last gave their credentials.
    package var maxAge: Int64?
    /// One of these has to be the ID token's `acr`.
    package var acrValues: [String] = []
    package var uiLocales: [String] = []
    package var audience: String?
    /// RFC 8707 §2.
    package var resources: [String] = []
    /// Further parameters, in order. Those that the flow itself sends are left out.
    package var furtherParameters: [(name: String, value: String)] = []
    package var pushing = Pushing.automatic
    /// Whether the parameters travel in a signed request object (RFC 9101); needs the client's key.
    package var isSigned = false

    package init() {}
}
