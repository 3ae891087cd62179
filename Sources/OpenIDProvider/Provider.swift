package import Accounts
package import JOSE
package import Logging
package import Web

/// An OpenID provider as a plain function: a request in, a response out. It knows no server: the web listener calls it, and the
/// auth service of the same process calls it in memory.
package struct Provider: Sendable {
    let issuer: Issuer
    /// Always the same; written once.
    private let discovery: WebResponse
    private let discoveryPath: String
    private let keysPath: String

    /// - Parameters:
    ///   - keyring: holds a key for each of the settings' signing algorithms.
    ///   - connectors: at least one; the first is asked where a client names none.
    ///   - tries: where replicas count wrong passwords together; `nil`: this process is alone.
    ///   - users: the users of the store; `nil`: there are none.
    ///   - clientKeys: where published keys of clients come from.
    ///   - sealing: under which authorization requests travel while their user signs in. Replicas share it.
    package init(
        settings: IssuerSettings, store: any ProviderStore, transients: any TransientStore, sso: any SSOStore,
        upstream: any UpstreamStore, secondFactors: any SecondFactorStore, keyring: RotatingKeyring, connectors: [any Connector],
        users: UserAccounts.Parts? = nil, tries: (any TryStore)? = nil,
        clientKeys: any ClientKeySource = NoPublishedKeys(),
        sealing: SealingKeys, clock: WallClock, randomness: Randomness, audit: AuditLog, logger: Logger
    ) {
        issuer = Issuer(
            settings: settings, store: store, transients: transients, tries: tries, sso: sso, keys: keyring, upstream: upstream,
            secondFactors: secondFactors, connectors: connectors, users: users, clientKeys: clientKeys,
            sealing: sealing, clock: clock, randomness: randomness, audit: audit, logger: logger)
        discovery = DiscoveryEndpoint(issuer: issuer).respond()
        discoveryPath = issuer.path + Self.discoveryEndpoint
        keysPath = issuer.path + Self.keysEndpoint
    }

    private static let discoveryEndpoint = "/.well-known/openid-configuration"
    private static let keysEndpoint = "/keys"

    /// The documents that are the same for whoever asks: what answers a GET for one of them, without waiting for anything. `nil` for any
    /// other path.
    package func document(at path: String) -> WebResponse? {
        if sameBytes(path, discoveryPath) { return discovery }
        return sameBytes(path, keysPath) ? KeysEndpoint(issuer: issuer).respond() : nil
    }

    /// The names of its cookies, without the prefixes that they have on https.
    package static let cookieNames = [
        LoginCookie.plainName, SSOCookie.plainName, SSOCookie.signalName, KnownDevice.plainName,
        InvitationCookie.plainName,
    ]

    /// Whether a path (without query) is the provider's to answer: the issuer's path or below it.
    package func owns(path: some StringProtocol) -> Bool {
        path.utf8.starts(with: (issuer.path + "/").utf8)
    }

    /// A HEAD has the answer of a GET, body and all: its length is told, and the listener leaves it out (RFC 9110 §9.3.2).
    package func respond(to request: WebRequest) async -> WebResponse {
        guard let endpoint = Endpoint(path: request.path, below: issuer.path) else {
            return issuer.pages(for: request).notFound()
        }
        guard endpoint.methods.contains(request.method) else { return wrongMethod(endpoint, request) }
        return await respond(to: request, at: endpoint)
    }

    private func respond(to request: WebRequest, at endpoint: Endpoint) async -> WebResponse {
        switch endpoint {
        case .discovery: discovery
        case .keys: KeysEndpoint(issuer: issuer).respond()
        case .authorize(let connector): await AuthorizeEndpoint(issuer: issuer).respond(to: request, connector: connector)
        case .signIn(let connector): await SignInEndpoint(issuer: issuer).respond(to: request, connector: connector)
        case .passkeySignIn(let connector):
            await PasskeySignInEndpoint(issuer: issuer).respond(to: request, connector: connector)
        case .callback(let connector): await CallbackEndpoint(issuer: issuer).respond(to: request, connector: connector)
        case .accounts: await AccountChoiceEndpoint(issuer: issuer).respond(to: request)
        case .approval: await ApprovalEndpoint(issuer: issuer).respond(to: request)
        case .secondFactor: await SecondFactorEndpoint(issuer: issuer).respond(to: request)
        case .secondFactors: await SecondFactorsEndpoint(issuer: issuer).respond(to: request)
        case .consents: await ConsentsEndpoint(issuer: issuer).respond(to: request)
        case .invitation, .password: await respond(to: request, atPasswordsOf: users, endpoint)
        case .token: await TokenEndpoint(issuer: issuer).respond(to: request)
        case .introspection: await IntrospectionEndpoint(issuer: issuer).respond(to: request)
        case .revocation: await RevocationEndpoint(issuer: issuer).respond(to: request)
        case .pushedRequest: await PushedRequestEndpoint(issuer: issuer).respond(to: request)
        case .registration: await RegistrationEndpoint(issuer: issuer).respond(to: request)
        case .clientConfiguration(let id): await ClientConfigurationEndpoint(issuer: issuer, id: id).respond(to: request)
        case .deviceCode: await DeviceCodeEndpoint(issuer: issuer).respond(to: request)
        case .device: await DeviceEndpoint(issuer: issuer).respond(to: request)
        case .deviceCallback: await DeviceCallbackEndpoint(issuer: issuer).respond(to: request)
        case .userinfo: await UserinfoEndpoint(issuer: issuer).respond(to: request)
        case .endSession: await EndSessionEndpoint(issuer: issuer).respond(to: request)
        case .health: WebResponse(status: 200, headers: ["content-type": "text/plain; charset=utf-8"], body: Array("ok\n".utf8))
        case .asset(let name): issuer.settings.theme.response(for: name) ?? issuer.pages(for: request).notFound()
        }
    }

    private func respond(to request: WebRequest, atPasswordsOf users: UserAccounts?, _ endpoint: Endpoint) async -> WebResponse {
        guard let users else { return issuer.pages(for: request).notFound() }
        return endpoint == .invitation
            ? await InvitationEndpoint(users: users, issuer: issuer).respond(to: request)
            : await PasswordEndpoint(users: users, issuer: issuer).respond(to: request)
    }

    private func wrongMethod(_ endpoint: Endpoint, _ request: WebRequest) -> WebResponse {
        var response = issuer.pages(for: request).badRequest(status: 405)
        response.headers.add("allow", endpoint.methods.joined(separator: ", "))
        return response
    }

    /// Deletes at most `limit` rows of each kind that have had their time. Used codes are kept for an hour, so that a second use
    /// is known as such.
    package func sweep(limit: Int) async throws(ProviderStoreFailure) -> Int {
        let now = issuer.clock.now
        let idleBefore = now.adding(-issuer.settings.sessions.idle)
        // A device that asks a little late still learns that its code has expired.
        return try await issuer.store.sweep(codesExpiredAt: now.adding(-3600), grantsExpiredAt: now, limit: limit)
            + issuer.transients.sweep(expiredAt: now.adding(-300), limit: limit)
            + issuer.sso.sweepSessions(expiredAt: now, idleBefore: idleBefore, limit: limit)
            + issuer.upstream.sweep(expiredAt: now, limit: limit)
            + (issuer.users?.store.sweepInvitations(expiredAt: now, limit: limit) ?? 0)
            + (registered?.sweep(limit: limit) ?? 0)
    }

    /// Signs somebody out in one browser whose session elsewhere has ended: the auth service of the same process says so.
    /// - Parameter id: `sid` of the ID token.
    package func signOut(sessionID id: String) async throws(ProviderStoreFailure) {
        guard let account = try await issuer.sso.session(ofAccount: id)?.account(id) else { return }
        let nobody = WebRequest(method: "", scheme: "", authority: "", target: "")
        try await SSOSignOut(issuer: issuer).end([account], reason: "the session at the auth service was revoked", nobody)
    }

    /// Whether a right password is enough of somebody where no page can ask for a second factor; it is noted where it is not.
    package func isPasswordEnough(_ user: ConnectorUser, of connectorID: String) async throws(ProviderStoreFailure) -> Bool {
        let isEnough = try await SecondFactors(issuer: issuer).lets(user, of: connectorID, signInByPasswordAloneAt: nil)
        if !isEnough {
            let reason = "a right password in a header, where a second factor is asked for"
            let event = AuditEvent(
                kind: .secondFactorRefused, reference: Reference(randomness: issuer.randomness), reason: reason)
            let subject = Subject.of(user, connectorID: connectorID)
            issuer.audit.record(
                event.about(Identity(issuer: issuer.settings.issuer, subject: subject, claims: user.claims)))
        }
        return isEnough
    }

    /// The users of the store; `nil` where there are none.
    package var users: UserAccounts? { issuer.users.map { UserAccounts(parts: $0, issuer: issuer) } }

    private var registered: RegisteredClients? {
        issuer.settings.registration.map { RegisteredClients(registration: $0, issuer: issuer) }
    }

    /// The clients of the store; `nil` where there are none.
    package var clients: ClientAccounts? {
        (issuer.settings.storedClients ?? issuer.settings.registration?.clients).map {
            ClientAccounts(clients: $0, issuer: issuer)
        }
    }

    /// The connectors of the store; `nil` where there are none.
    package var connectors: ConnectorAccounts? {
        issuer.settings.storedConnectors.map { ConnectorAccounts(connectors: $0, issuer: issuer) }
    }

    /// Another number with every change of the store's connectors.
    package var connectorRevision: Int64 { issuer.settings.storedConnectors?.revision ?? 0 }

    /// Those connectors of the store that check passwords which people type here.
    package var storedPasswordConnectors: [any PasswordConnector] {
        issuer.settings.storedConnectors?.usable.compactMap(\.connector.asPasswordConnector) ?? []
    }

    /// What clients hold of people's sign-ins.
    package var grants: GrantAdministration { GrantAdministration(issuer: issuer) }

    /// What people sign in with beside their first factor.
    package var secondFactors: SecondFactorAdministration { SecondFactorAdministration(issuer: issuer) }

    /// Who is signed in in which browsers.
    package var sso: SSOAdministration { SSOAdministration(issuer: issuer) }

    /// Sends what clients have to be told of sign-outs.
    package var logoutNotices: LogoutNotices { LogoutNotices(issuer: issuer) }
}
