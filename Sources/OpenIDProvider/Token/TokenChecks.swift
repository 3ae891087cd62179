import JOSE
import OpenIDConnect
import Web

/// One thing that a token request must fulfil. It may note in the request what it found.
struct TokenCheck: Sendable {
    let name: String
    let section: String
    let refusal: @Sendable (inout TokenRequest, Issuer) async throws(ProviderStoreFailure) -> TokenRefusal?

    init(
        _ name: String, _ section: String,
        _ refusal: @escaping @Sendable (inout TokenRequest, Issuer) async throws(ProviderStoreFailure) -> TokenRefusal?
    ) {
        self.name = name
        self.section = section
        self.refusal = refusal
    }
}

/// Every check of the token endpoint, in order: those of every request, then those of its grant type. The first that refuses
/// decides.
enum TokenChecks {
    static let everyRequest: [TokenCheck] = [
        .init("method POST", "RFC 6749 §3.2") { request, _ in sameBytes(request.web.method, "POST") ? nil : .method() },
        .init("content type form", "RFC 6749 §4.1.3") { request, _ in
            FormBody.isForm(request.web)
                ? nil : .init(.invalidRequest, "the content type must be application/x-www-form-urlencoded")
        },
        .init("parameters readable", "RFC 6749 §3.2") { request, _ in
            request.fields == nil ? .init(.invalidRequest, "the parameters cannot be read") : nil
        },
        .init("no parameter twice", "RFC 6749 §3.2") { request, _ in
            request.fields?.repeatedName == nil ? nil : .init(.invalidRequest, "a parameter comes twice")
        },
        .init("one client authentication", "RFC 6749 §2.3") { request, _ in
            guard case .ambiguous = request.credentials else { return nil }
            return .init(.invalidRequest, "the client authenticates in more than one way")
        },
        .init("client authenticated", "RFC 6749 §3.2.1") { request, issuer in
            request.client = request.credentials.client(in: issuer.settings)
            return request.client == nil ? .client(triedHeader: request.credentials.triedHeader) : nil
        },
        .init("grant type given", "RFC 6749 §4.1.3") { request, _ in
            request["grant_type"] == nil ? .init(.invalidRequest, "grant_type is missing") : nil
        },
        .init("grant type known", "RFC 6749 §5.2") { request, _ in
            request.grantType = request["grant_type"].flatMap(TokenRequest.GrantType.init(rawValue:))
            let sentence = "grant_type must be authorization_code or refresh_token"
            return request.grantType == nil ? .init(.unsupportedGrantType, sentence) : nil
        },
    ]

    static let authorizationCode: [TokenCheck] = [
        .init("code given", "RFC 6749 §4.1.3") { request, _ in
            request["code"] == nil ? .init(.invalidRequest, "code is missing") : nil
        },
        .init("code known", "RFC 6749 §4.1.3") { request, issuer throws(ProviderStoreFailure) in
            let key = SecretDigest(of: Secret(utf8: request["code"] ?? ""))
            request.code = try await issuer.store.authorizationCode(key)
            return request.code == nil ? .grant("the code is unknown") : nil
        },
        .init("code of this client", "RFC 6749 §4.1.3") { request, _ in
            sameBytes(request.code?.clientID ?? "", request.client?.id ?? "") ? nil : .grant("the code is unknown")
        },
        .init("code not used", "RFC 6749 §4.1.2") { request, _ in
            guard let code = request.code, code.isUsed else { return nil }
            return .reuse("the code has been used", ending: code.grantID)
        },
        .init("code not expired", "RFC 6749 §4.1.2") { request, _ in
            request.code.map { request.now < $0.expiresAt } ?? false ? nil : .grant("the code has expired")
        },
        .init("same redirect URI", "RFC 6749 §4.1.3") { request, _ in
            sameBytes(request["redirect_uri"] ?? "", request.code?.redirectURI ?? "")
                ? nil : .grant("redirect_uri is not the one of the authorization request")
        },
        .init("verifier where a challenge was", "RFC 7636 §4.6, RFC 9700 §2.1.1") { request, _ in
            (request["code_verifier"] == nil) == (request.code?.codeChallenge == nil)
                ? nil : .grant("code_verifier and code_challenge go together")
        },
        .init("verifier fits", "RFC 7636 §4.6") { request, _ in
            guard let challenge = request.code?.codeChallenge else { return nil }
            let verifier = request["code_verifier"] ?? ""
            return PKCE.isVerifier(verifier) && Secret(utf8: PKCE.challenge(of: verifier)).matches(Secret(utf8: challenge))
                ? nil : .grant("code_verifier does not fit")
        },
        .init("grant still there", "RFC 6749 §4.1.2") { request, issuer throws(ProviderStoreFailure) in
            request.grant = try await issuer.store.grant(id: request.code?.grantID ?? "")
            return request.grant == nil ? .grant("the sign-in has ended") : nil
        },
        .init("code taken by nobody else", "RFC 6749 §4.1.2") { request, issuer throws(ProviderStoreFailure) in
            guard let code = request.code else { return .grant("the code is unknown") }
            let isOurs = try await issuer.store.takeAuthorizationCode(code.key)
            return isOurs ? nil : .reuse("the code has been used", ending: code.grantID)
        },
    ]

    static let refreshToken: [TokenCheck] = [
        .init("refresh token given", "RFC 6749 §6") { request, _ in
            request["refresh_token"] == nil ? .init(.invalidRequest, "refresh_token is missing") : nil
        },
        .init("refresh token of ours", "RFC 6749 §6") { request, issuer throws(ProviderStoreFailure) in
            request.refreshToken = request["refresh_token"].flatMap(RefreshToken.init)
            guard let token = request.refreshToken else { return .grant("the refresh token is unknown") }
            request.grant = try await issuer.store.grant(refreshHandle: token.handleDigest)
            let isIssued = request.grant?.refresh.map(token.isIssued) ?? false
            return isIssued ? nil : .grant("the refresh token is unknown")
        },
        .init("refresh token of this client", "RFC 6749 §6") { request, _ in
            sameBytes(request.grant?.clientID ?? "", request.client?.id ?? "") ? nil : .grant("the refresh token is unknown")
        },
        .init("refresh token not expired", "RFC 6749 §6") { request, issuer in
            RefreshRotation(request, issuer).isExpired ? .grant("the refresh token has expired") : nil
        },
        .init("refresh token not used before", "RFC 9700 §4.14.2") { request, issuer in
            guard let grant = request.grant, RefreshRotation(request, issuer).isReuse(of: grant) else { return nil }
            return .reuse("the refresh token has been used", ending: grant.id)
        },
        .init("scope not wider", "RFC 6749 §6") { request, _ in
            request.scope == nil ? .init(.invalidScope, "scope is malformed or wider than what was granted") : nil
        },
        .init("user still there", "RFC 6749 §5.2") { request, issuer in
            await RefreshRotation(request, issuer).askForUser(updating: &request)
        },
        .init("rotated", "RFC 9700 §4.14.2") { request, issuer throws(ProviderStoreFailure) in
            try await RefreshRotation(request, issuer).rotate(updating: &request)
        },
    ]
}
