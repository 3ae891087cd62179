import JOSE
import OpenIDConnect
import Web

typealias TokenCheck = ClientCallCheck<TokenRequest>

/// Every check of the token endpoint, in order: those of every request, then those of its grant type. The first that refuses
/// decides.
enum TokenChecks {
    static let everyRequest: [TokenCheck] =
        ClientCallChecks.all + [
            .init("certificate of tokens that are bound to one", "RFC 8705 §3") { request, _ in
                request.client?.bindsAccessTokens ?? false && request.certificateThumbprint == nil
                    ? .init(.invalidRequest, "the client's tokens are bound to its certificate, and there is none") : nil
            },
            .init("grant type given", "RFC 6749 §4.1.3") { request, _ in
                request["grant_type"] == nil ? .init(.invalidRequest, "grant_type is missing") : nil
            },
            .init("grant type known", "RFC 6749 §5.2") { request, issuer in
                request.grantType = request["grant_type"].flatMap(GrantType.init(rawValue:))
                let isKnown = request.grantType.map(issuer.settings.grantTypes.contains) ?? false
                return isKnown ? nil : .init(.unsupportedGrantType, "the grant_type is not known here")
            },
            .init("grant type allowed", "RFC 6749 §5.2") { request, _ in
                let isAllowed = request.grantType.flatMap { request.client?.grantTypes.contains($0) } ?? false
                return isAllowed ? nil : .init(.unauthorizedClient, "the client may not use this grant_type")
            },
        ]

    static func of(_ grantType: GrantType, _ request: TokenRequest) -> [TokenCheck] {
        switch grantType {
        case .authorizationCode: authorizationCode
        case .refreshToken: refreshToken
        case .deviceCode: deviceCode
        case .clientCredentials: clientCredentials
        case .tokenExchange: request["connector_id"] == nil ? tokenExchange : upstreamExchange
        case .jwtBearer: jwtBearer
        case .password: password
        }
    }

    private static let authorizationCode: [TokenCheck] = [
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
            request.scope = request.grant?.scope
            return request.grant == nil ? .grant("the sign-in has ended") : nil
        },
        userAdmitted,
        .init("code taken by nobody else", "RFC 6749 §4.1.2") { request, issuer throws(ProviderStoreFailure) in
            guard let code = request.code else { return .grant("the code is unknown") }
            let isOurs = try await issuer.store.takeAuthorizationCode(code.key)
            return isOurs ? nil : .reuse("the code has been used", ending: code.grantID)
        },
    ]

    private static let refreshToken: [TokenCheck] = [
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
        .init("session still there", "OpenID Connect Core §11") { request, issuer throws(ProviderStoreFailure) in
            guard let grant = request.grant, !grant.scope.contains(ClaimScope.offlineAccess) else { return nil }
            let isLive = try await SSOSessions(issuer: issuer).isLive(accountID: grant.sessionID)
            return isLive ? nil : .reuse("the session has ended", ending: grant.id)
        },
        .init("scope not wider", "RFC 6749 §6") { request, _ in
            request.scope = request.grant.flatMap { request.narrowed($0.scope) }
            return request.scope == nil ? .init(.invalidScope, "scope is malformed or wider than what was granted") : nil
        },
        .init("user still there", "RFC 6749 §5.2") { request, issuer throws(ProviderStoreFailure) in
            try await RefreshRotation(request, issuer).askForUser(updating: &request)
        },
        userAdmitted,
        .init("rotated", "RFC 9700 §4.14.2") { request, issuer throws(ProviderStoreFailure) in
            try await RefreshRotation(request, issuer).rotate(updating: &request)
        },
    ]

    private static let deviceCode: [TokenCheck] = [
        .init("device code given", "RFC 8628 §3.4") { request, _ in
            request["device_code"] == nil ? .init(.invalidRequest, "device_code is missing") : nil
        },
        .init("device code known", "RFC 8628 §3.5") { request, issuer throws(ProviderStoreFailure) in
            let key = SecretDigest(of: Secret(utf8: request["device_code"] ?? ""))
            request.device = try await issuer.transients.device(key)
            return request.device == nil ? .grant("the device code is unknown") : nil
        },
        .init("device code of this client", "RFC 8628 §3.5") { request, _ in
            sameBytes(request.device?.clientID ?? "", request.client?.id ?? "") ? nil : .grant("the device code is unknown")
        },
        .init("device code not expired", "RFC 8628 §3.5") { request, _ in
            request.device.map { request.now < $0.expiresAt } ?? false ? nil : .wait(.expiredToken, "the device code has expired")
        },
        .init("not asked too often", "RFC 8628 §3.5") { request, issuer throws(ProviderStoreFailure) in
            guard let device = request.device else { return .grant("the device code is unknown") }
            return try await DevicePolling(issuer: issuer, now: request.now).tooFast(device)
        },
        .init("user has said yes", "RFC 8628 §3.5") { request, issuer throws(ProviderStoreFailure) in
            guard let device = request.device else { return .grant("the device code is unknown") }
            switch try await DevicePolling(issuer: issuer, now: request.now).answer(device) {
            case .refused(let refusal): return refusal
            case .grant(let grant): (request.grant, request.scope) = (grant, grant.scope)
            }
            return nil
        },
    ]

    private static let clientCredentials: [TokenCheck] = [
        .init("client not public", "RFC 6749 §4.4") { request, _ in
            request.client?.isPublic ?? true ? .init(.unauthorizedClient, "a public client cannot prove who it is") : nil
        },
        .init("scope readable", "RFC 6749 §4.4.2") { request, _ in
            request.scope = request.ownScope
            return request.scope == nil ? .init(.invalidScope, "scope is malformed or longer than 2 KiB") : nil
        },
        audienceAllowed,
    ]

    private static let tokenExchange: [TokenCheck] = [
        .init("subject token given", "RFC 8693 §2.1") { request, _ in
            request["subject_token"] == nil ? .init(.invalidRequest, "subject_token is missing") : nil
        },
        .init("subject token type known", "RFC 8693 §3") { request, _ in
            [.accessToken, .jwt].contains(TokenType(request["subject_token_type"]))
                ? nil : .init(.invalidRequest, "subject_token_type must be that of access tokens")
        },
        .init("no actor token", "RFC 8693 §2.1") { request, _ in
            request["actor_token"] == nil && request["actor_token_type"] == nil
                ? nil : .init(.invalidRequest, "actor_token is not supported")
        },
        .init("requested type known", "RFC 8693 §2.1") { request, _ in
            request["requested_token_type"] == nil || TokenType(request["requested_token_type"]) != nil
                ? nil : .init(.invalidRequest, "requested_token_type must be that of access tokens or of ID tokens")
        },
        .init("subject token lives", "RFC 8693 §2.2.2") { request, issuer throws(ProviderStoreFailure) in
            guard case .access(let token, let grant)? = try await issuer.known(request["subject_token"] ?? "") else {
                return .init(.invalidRequest, "the subject token is not valid or no longer")
            }
            (request.subject, request.grant) = (token, grant)
            return nil
        },
        .init("subject token with its certificate", "RFC 8705 §3") { request, _ in
            request.subject.map { $0.isUsable(with: request.web) } ?? false
                ? nil : .init(.invalidRequest, "the subject token is bound to a certificate")
        },
        .init("subject token for this client", "RFC 8693 §2.2.2") { request, _ in
            guard let client = request.client, let token = request.subject else { return .grant("no subject token") }
            let isForUs = sameBytes(token.clientID, client.id) || token.audience.contains { sameBytes($0, client.id) }
            return isForUs ? nil : .init(.invalidRequest, "the subject token is not for this client")
        },
        .init("scope not wider", "RFC 8693 §2.1") { request, _ in
            request.scope = request.subject.flatMap { request.narrowed($0.scope) }
            return request.scope == nil ? .init(.invalidScope, "scope is malformed or wider than the subject token's") : nil
        },
        audienceAllowed,
        .init("ID token of a user", "RFC 8693 §2.2.1") { request, _ in
            guard TokenType(request["requested_token_type"]) == .idToken else { return nil }
            return request.grant != nil && request.scope?.contains(ClaimScope.openID) ?? false
                ? nil : .init(.invalidRequest, "an ID token needs a user, and the scope openid")
        },
        userAdmitted,
    ]

    /// Of an upstream's token, which `connector_id` tells of.
    private static let upstreamExchange: [TokenCheck] = [
        .init("connector of this client", "RFC 8693 §2.1") { request, issuer in
            UpstreamExchange(issuer: issuer, now: request.now).connector(request) == nil
                ? .init(.invalidRequest, "the client may not exchange tokens of this connector") : nil
        },
        .init("subject token given", "RFC 8693 §2.1") { request, _ in
            request["subject_token"] == nil ? .init(.invalidRequest, "subject_token is missing") : nil
        },
        .init("subject token type known", "RFC 8693 §3") { request, _ in
            [.idToken, .accessToken].contains(TokenType(request["subject_token_type"]))
                ? nil : .init(.invalidRequest, "subject_token_type must be that of ID tokens or of access tokens")
        },
        .init("no actor token", "RFC 8693 §2.1") { request, _ in
            request["actor_token"] == nil && request["actor_token_type"] == nil
                ? nil : .init(.invalidRequest, "actor_token is not supported")
        },
        .init("requested type known", "RFC 8693 §2.1") { request, _ in
            request["requested_token_type"] == nil || TokenType(request["requested_token_type"]) != nil
                ? nil : .init(.invalidRequest, "requested_token_type must be that of access tokens or of ID tokens")
        },
        .init("scope readable", "RFC 8693 §2.1") { request, _ in
            request.scope = request.askedScope.flatMap { request.client?.granted($0) }?.without(ClaimScope.offlineAccess)
            return request.scope == nil ? .init(.invalidScope, "scope is malformed or longer than 2 KiB") : nil
        },
        .init("ID token of a user", "RFC 8693 §2.2.1") { request, _ in
            TokenType(request["requested_token_type"]) != .idToken || request.scope?.contains(ClaimScope.openID) ?? false
                ? nil : .init(.invalidRequest, "an ID token needs the scope openid")
        },
        audienceAllowed,
        .init("subject token right, and enough", "RFC 8693 §2.2.2") { request, issuer throws(ProviderStoreFailure) in
            try await UpstreamExchange(issuer: issuer, now: request.now).take(&request)
        },
        userAdmitted,
        stored,
    ]

    private static let jwtBearer: [TokenCheck] = [
        .init("assertion given", "RFC 7523 §2.1") { request, _ in
            request["assertion"] == nil ? .init(.invalidRequest, "assertion is missing") : nil
        },
        .init("scope readable", "RFC 7521 §4.1") { request, _ in
            request.scope = request.askedScope.flatMap { request.client?.granted($0) }?.without(ClaimScope.offlineAccess)
            return request.scope == nil ? .init(.invalidScope, "scope is malformed or longer than 2 KiB") : nil
        },
        .init("assertion right", "RFC 7523 §3") { request, issuer throws(ProviderStoreFailure) in
            try await AssertionGrant(issuer: issuer, now: request.now).take(&request)
        },
        audienceAllowed,
        userAdmitted,
        stored,
    ]

    private static let password: [TokenCheck] = [
        .init("login and password given", "RFC 6749 §4.3.2") { request, _ in
            PasswordGrant.isPlausible(request) ? nil : .init(.invalidRequest, "username or password is missing or too long")
        },
        .init("scope readable", "RFC 6749 §4.3.2") { request, _ in
            request.scope = request.askedScope.flatMap { request.client?.granted($0) }
            return request.scope == nil ? .init(.invalidScope, "scope is malformed or longer than 2 KiB") : nil
        },
        audienceAllowed,
        .init("not too many tries from there", "RFC 6749 §4.3.2") { request, issuer in
            issuer.passwordBound.take(request.web.clientAddress, now: request.now).map { .tooMany(retryAfter: $0) }
        },
        .init("password right, and enough", "RFC 6749 §4.3.2") { request, issuer throws(ProviderStoreFailure) in
            try await PasswordGrant(issuer: issuer).take(&request)
        },
        userAdmitted,
        stored,
    ]

    // Checks that several grant types share.

    private static let userAdmitted = TokenCheck("user admitted", "RFC 6749 §5.2") { request, issuer in
        guard let grant = request.grant, let client = request.client else { return nil }
        guard !issuer.isDeleted(connector: grant.connectorID) else { return .grant("the user can no longer sign in here") }
        return client.admits(grant.user, connectorID: grant.connectorID) ? nil : .grant("the user may not use this client")
    }

    private static let audienceAllowed = TokenCheck("audience allowed", "RFC 8693 §2.2.2, RFC 8707 §2") { request, issuer in
        guard let audience = TokenAudience(request, issuer.settings) else {
            return .init(.invalidTarget, "the client may not have tokens for this audience")
        }
        request.audience = audience.named
        return nil
    }

    private static let stored = TokenCheck("grant stored", "RFC 6749 §5.1") { request, issuer throws(ProviderStoreFailure) in
        if let grant = request.grant { try await issuer.store.create(grant) }
        return nil
    }
}
