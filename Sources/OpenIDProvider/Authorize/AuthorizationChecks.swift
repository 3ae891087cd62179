import JOSE
import OpenIDConnect
import Web

/// One thing that an authorization request must fulfil.
struct AuthorizationCheck: Sendable {
    /// How its refusal is told.
    enum Answer: Sendable {
        /// On a page: we do not know yet that the redirect URI is the client's.
        case page
        /// To the client, by its redirect URI (RFC 6749 §4.1.2.1).
        case redirect
    }

    let name: String
    let section: String
    let answer: Answer
    let refusal: @Sendable (AuthorizationParameters) -> OAuthError?

    init(
        _ name: String, _ section: String, _ answer: Answer, _ code: OAuthError.Code, _ description: String,
        unless isFulfilled: @escaping @Sendable (AuthorizationParameters) -> Bool
    ) {
        self.name = name
        self.section = section
        self.answer = answer
        refusal = { isFulfilled($0) ? nil : OAuthError(code, description) }
    }
}

/// Every check of the authorization endpoint, in order. The first that refuses decides.
enum AuthorizationChecks {
    static let maximumStateBytes = 4096
    static let maximumNonceBytes = 1024
    static let maximumScopeBytes = 2048

    static let all: [AuthorizationCheck] = [
        // What can only be told on a page.
        .init("parameters readable", "RFC 6749 §3.1", .page, .invalidRequest, "The parameters cannot be read") {
            $0.fields != nil
        },
        .init("no parameter twice", "RFC 6749 §3.1", .page, .invalidRequest, "A parameter comes twice") {
            $0.fields?.repeatedName == nil
        },
        .init("request by one way", "RFC 9101 §5", .page, .invalidRequest, "request and request_uri exclude each other") {
            $0.source != .both
        },
        .init(
            "reference pushed", "RFC 9126 §4", .page, .invalidRequestURI,
            "The request_uri is unknown, was used already, or has expired"
        ) { $0.source != .unknownReference },
        .init("client known", "RFC 6749 §4.1.2.1", .page, .invalidRequest, "No such client is registered") { $0.client != nil },
        .init(
            "redirect URI registered", "OpenID Connect Core §3.1.2.1", .page, .invalidRequest,
            "The redirect URI is missing or is not registered for the client"
        ) { $0.registeredRedirectURI != nil },

        // What the client is told.
        .init(
            "request object of a client with keys", "OpenID Connect Core §6.1", .redirect, .requestNotSupported,
            "the client has no keys for request objects"
        ) { $0.source != .unsignable },
        .init("request object good", "RFC 9101 §6", .redirect, .invalidRequestObject, "the request object is not valid") {
            if case .badObject = $0.source { false } else { true }
        },
        .init(
            "no foreign request URI", "OpenID Connect Core §6.2", .redirect, .requestURINotSupported,
            "request_uri must be of a pushed request"
        ) { $0.source != .foreignReference },
        .init("signed where it has to be", "RFC 9101 §10.5", .redirect, .invalidRequest, "the client has to sign its requests") {
            !($0.client?.requiresSignedRequests ?? false) || $0.source == .signed || $0.source == .pushed
        },
        .init("pushed where it has to be", "RFC 9126 §6", .redirect, .invalidRequest, "the client has to push its requests") {
            !($0.client?.requiresPushedRequests ?? false) || $0.source == .pushed
        },
        .init(
            "no self-registration", "OpenID Connect Core §7.2.1", .redirect, .registrationNotSupported,
            "registration is not supported"
        ) { $0["registration"] == nil },
        .init("state short enough", "RFC 6749 §4.1.1", .redirect, .invalidRequest, "state is longer than 4 KiB") {
            !$0.isLong("state", limit: maximumStateBytes)
        },
        .init("nonce short enough", "OpenID Connect Core §3.1.2.1", .redirect, .invalidRequest, "nonce is longer than 1 KiB") {
            !$0.isLong("nonce", limit: maximumNonceBytes)
        },
        .init("response type given", "RFC 6749 §3.1.1", .redirect, .invalidRequest, "response_type is missing") {
            $0["response_type"] != nil
        },
        .init(
            "response type code", "RFC 6749 §3.1.1", .redirect, .unsupportedResponseType, "the only response_type is code"
        ) { sameBytes($0["response_type"] ?? "", "code") },
        .init(
            "response mode known", "OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2", .redirect,
            .invalidRequest, "response_mode must be query, fragment or form_post"
        ) { $0.responseMode != nil },
        .init("scope readable", "RFC 6749 §3.3", .redirect, .invalidScope, "scope is malformed or longer than 2 KiB") {
            $0["scope"] == nil || (!$0.isLong("scope", limit: maximumScopeBytes) && $0.scope != nil)
        },
        .init("scope openid", "OpenID Connect Core §3.1.2.1", .redirect, .invalidScope, "scope must contain openid") {
            $0.scope?.contains(ClaimScope.openID) ?? false
        },
        .init(
            "peers trust the client", "RFC 6749 §3.3", .redirect, .invalidScope,
            "a client that scope names is unknown or does not trust this one"
        ) { parameters in
            guard let client = parameters.client, let scope = parameters.scope else { return true }
            return parameters.settings.arePeersTrusting(client, scope)
        },
        .init("grant type allowed", "RFC 6749 §4.1.2.1", .redirect, .unauthorizedClient, "the client may not ask for codes") {
            $0.client?.grantTypes.contains(.authorizationCode) ?? false
        },
        .init("PKCE method S256", "RFC 7636 §4.4.1", .redirect, .invalidRequest, "code_challenge_method must be S256") {
            // Without a method the challenge would be `plain` (§4.3), which protects nothing that can be read.
            $0["code_challenge"] == nil && $0["code_challenge_method"] == nil
                || sameBytes($0["code_challenge_method"] ?? "plain", "S256")
        },
        .init("PKCE challenge with its method", "RFC 7636 §4.4.1", .redirect, .invalidRequest, "code_challenge is missing") {
            $0["code_challenge"] != nil || $0["code_challenge_method"] == nil
        },
        .init(
            "PKCE challenge shape", "RFC 7636 §4.2", .redirect, .invalidRequest,
            "code_challenge must be the base64url of a SHA-256 digest"
        ) { $0["code_challenge"].map(PKCE.isChallenge) ?? true },
        .init("PKCE of public clients", "RFC 9700 §2.1.1", .redirect, .invalidRequest, "public clients must use PKCE") {
            $0["code_challenge"] != nil || !($0.client?.isPublic ?? true)
        },
        .init(
            "PKCE where it has to be", "RFC 9700 §2.1.1", .redirect, .invalidRequest, "the client has to use PKCE"
        ) { $0["code_challenge"] != nil || !($0.client?.requiresPKCE ?? false) },
        .init("maximum age a number", "OpenID Connect Core §3.1.2.1", .redirect, .invalidRequest, "max_age is no number") {
            $0["max_age"].map { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } } ?? true
        },
        .init(
            "prompt none alone", "OpenID Connect Core §3.1.2.1", .redirect, .invalidRequest,
            "prompt none goes with no other value"
        ) { !$0.prompts.contains("none") || $0.prompts.count == 1 },
        .init("prompt known", "OpenID Connect Core §3.1.2.1", .redirect, .invalidRequest, "prompt has an unknown value") {
            $0.prompts.allSatisfy { AuthenticationDemand.Prompt(rawValue: $0) != nil }
        },
        .init("claims readable", "OpenID Connect Core §5.5", .redirect, .invalidRequest, "claims is no object of objects") {
            $0["claims"] == nil || $0.claims != nil
        },
        .init(
            "ID token hint of ours for this client", "OpenID Connect Core §3.1.2.1", .redirect, .invalidRequest,
            "id_token_hint is no ID token of this provider for this client"
        ) { parameters in
            parameters["id_token_hint"] == nil
                || parameters.hint.map { sameBytes($0.client.id, parameters["client_id"] ?? "") } ?? false
        },
    ]

    /// What the person at the browser may have to do before there is a code, in order: the first that is due is done, and then all
    /// are looked at again. With `prompt=none` nothing can be done, and the client is told its error.
    static let interactions: [InteractionCheck] = [
        .init("another account wanted", "OpenID Connect Core §3.1.2.3", .login, .loginRequired) { $0.progress.wantsOther },
        .init("somebody signed in", "OpenID Connect Core §3.1.2.3", .login, .loginRequired) { $0.accounts.isEmpty },
        .init(
            "account asked for", "OpenID Connect Core §3.1.2.1", .selectAccount, .accountSelectionRequired
        ) { $0.demand.asks(for: .selectAccount) && $0.progress.accountID == nil },
        .init("account fits the hints", "OpenID Connect Core §3.1.2.1", .login, .loginRequired) { $0.candidates.isEmpty },
        .init("one account meant", "OpenID Connect Core §3.1.2.6", .selectAccount, .accountSelectionRequired) {
            $0.account == nil
        },
        .init("login asked for", "OpenID Connect Core §3.1.2.1", .login, .loginRequired) {
            $0.demand.asks(for: .login) && !$0.progress.isAuthenticated
        },
        .init("signed in recently enough", "OpenID Connect Core §3.1.2.1", .login, .loginRequired) { !$0.isRecentEnough },
        .init("signed in well enough", "OpenID Connect Core §5.5.1.1", .login, .loginRequired) { $0.couldBeStronger },
        .init("second factor given", "RFC 8176 §2", .secondFactor, .loginRequired) { $0.secondFactor.isDue },
        .init("somebody acted", "RFC 8252 §8.6", .consent, .interactionRequired) { $0.isClientUnsure },
        .init("consent asked for", "OpenID Connect Core §3.1.2.1", .consent, .consentRequired) {
            $0.demand.asks(for: .consent) && !$0.progress.hasConsented
        },
        .init("consent given", "OpenID Connect Core §3.1.2.4", .consent, .consentRequired) { !$0.isAllowed },
    ]

    /// What ends a request for good: at once, or when somebody has signed in for it.
    static let outcomes: [OutcomeCheck] = [
        .init(
            "a connector for the client", "RFC 6749 §4.1.2.1", .accessDenied, "the client takes nobody who could sign in so"
        ) { $0.hasConnectors },
        .init(
            "signed in as whom the hint names", "OpenID Connect Core §3.1.2.1", .loginRequired,
            "another user signed in than the one asked for"
        ) { facts in facts.demand.subject.map { sameBytes($0, facts.signedIn?.subject ?? $0) } ?? true },
        .init(
            "essential acr met", "OpenID Connect Core §5.5.1.1", .unmetAuthenticationRequirements,
            "nobody can sign in here in the way that is asked for"
        ) { facts in
            !facts.demand.isACREssential || facts.signedIn.map(facts.isOfClassAskedFor) ?? true
        },
    ]
}
