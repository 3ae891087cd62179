import Accounts
import JOSE
import Logging
import Web

/// Everything that the endpoints of one provider work with. Shared, as each request is answered by several values that hold it.
final class Issuer: Sendable {
    let settings: IssuerSettings
    let store: any ProviderStore
    let transients: any TransientStore
    let sso: any SSOStore
    let keys: RotatingKeyring
    let upstream: any UpstreamStore
    let secondFactors: any SecondFactorStore
    private let fixedConnectors: [any Connector]
    /// `nil`: there are no users in the store.
    let users: UserAccounts.Parts?
    let clientKeys: any ClientKeySource
    /// Seals authorization requests while their user signs in.
    let requestKeys: SealingKeys
    /// Seals which device a sign-in is for.
    let deviceKeys: SealingKeys
    /// Seals what browsers carry while they are sent elsewhere to sign in.
    let upstreamStateKeys: SealingKeys
    /// Seals what upstreams are asked again with.
    let upstreamTokenKeys: SealingKeys
    /// Seals sign-ins that wait for a second factor.
    let secondFactorStepKeys: SealingKeys
    /// Seals keys of authenticator apps while they are set up.
    let secondFactorOfferKeys: SealingKeys
    /// Seals them in the store.
    let secondFactorKeys: SealingKeys
    /// Seals what passkeys' challenges are made of.
    let passkeyKeys: SealingKeys
    /// Seals access tokens that only we can read.
    let accessTokenKeys: SealingKeys
    /// Seals the token of a link that was followed.
    let invitationKeys: SealingKeys
    /// Marks the browsers in which somebody has signed in.
    let deviceCookieKeys: SealingKeys
    /// The issuer's path, in front of every endpoint; empty for an issuer at the root of its host.
    let path: String
    let deviceBounds = DeviceBounds()
    /// Passwords that clients send, a minute.
    let passwordBound = AttemptBound(perNetwork: 60, inAll: 3000)
    /// Replies that have an upstream asked, a minute: whoever is behind them is not known yet.
    let upstreamBound = AttemptBound(perNetwork: 600, inAll: 6000)
    /// Wrong passwords, whoever sends them.
    let passwordAttempts: PasswordAttempts
    /// Wrong codes of second factors.
    let codeAttempts: PasswordAttempts
    /// Passkeys that stand alone, a minute: each is a look into the store and a signature.
    let passkeyBound = AttemptBound(perNetwork: 120, inAll: 6000)
    let passkeyPresence = PasskeyPresence()
    let clock: WallClock
    let randomness: Randomness
    let audit: AuditLog
    let logger: Logger
    /// Rings when a client has to be told of a sign-out.
    let logoutBell = LogoutBell()

    init(
        settings: IssuerSettings, store: any ProviderStore, transients: any TransientStore, tries: (any TryStore)?,
        sso: any SSOStore, keys: RotatingKeyring, upstream: any UpstreamStore, secondFactors: any SecondFactorStore,
        connectors: [any Connector], users: UserAccounts.Parts?, clientKeys: any ClientKeySource, sealing: SealingKeys,
        clock: WallClock, randomness: Randomness, audit: AuditLog, logger: Logger
    ) {
        self.settings = settings
        self.store = store
        self.transients = transients
        self.sso = sso
        self.keys = keys
        self.upstream = upstream
        self.secondFactors = secondFactors
        fixedConnectors = connectors
        self.users = users
        self.clientKeys = clientKeys
        requestKeys = sealing.forPurpose(AuthorizationRequest.purpose)
        deviceKeys = sealing.forPurpose(DeviceState.purpose)
        upstreamStateKeys = sealing.forPurpose(UpstreamState.purpose)
        upstreamTokenKeys = sealing.forPurpose(KeptUser.purpose)
        secondFactorStepKeys = sealing.forPurpose(SecondFactorStep.purpose)
        secondFactorOfferKeys = sealing.forPurpose(EnrolmentOffer.purpose)
        secondFactorKeys = sealing.forPurpose(SealedKey.purpose)
        passkeyKeys = sealing.forPurpose(PasskeyChallenge.purpose)
        accessTokenKeys = sealing.forPurpose(AccessToken.sealingPurpose)
        invitationKeys = sealing.forPurpose(InvitationCookie.purpose)
        deviceCookieKeys = sealing.forPurpose("known-device")
        self.clock = clock
        self.randomness = randomness
        self.audit = audit
        self.logger = logger
        path = Self.path(of: settings.issuer)
        passwordAttempts = PasswordAttempts(
            .passwords, shared: tries.map { SharedTries(store: $0, names: transients, purpose: "password") }, randomness: .system)
        codeAttempts = PasswordAttempts(
            .codes, shared: tries.map { SharedTries(store: $0, names: transients, purpose: "code") }, randomness: .system)
    }

    /// The keys as they are now.
    var keyring: SigningKeyring { keys.current }

    private static func path(of issuer: String) -> String {
        let bytes = issuer.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return "" }
        let host = bytes[colon...].dropFirst(3)
        return String(host.drop { $0 != UInt8(ascii: "/") }) ?? ""
    }

    var assetsPath: String { path + "/assets" }

    var usesHTTPS: Bool { Origin(settings.issuer)?.scheme == .https }

    /// The absolute URL of an endpoint; `endpoint` starts with `/`.
    func url(_ endpoint: String) -> String { settings.issuer + endpoint }

    /// Where people can sign in now, in the order in which they are offered.
    var connectors: [any Connector] { fixedConnectors + (settings.storedConnectors?.usable.map(\.connector) ?? []) }

    func connector(_ id: String) -> (any Connector)? {
        if case .usable(let connector) = standing(of: id) { connector } else { nil }
    }

    func standing(of id: String) -> ConnectorStanding {
        if let fixed = fixedConnectors.first(where: { sameBytes($0.id, id) }) { return .usable(fixed) }
        return switch settings.storedConnectors?.known(id)?.state {
        case .usable(let live): .usable(live.connector)
        case .unusable: .unusable
        case .deleted: .deleted
        case nil: .none
        }
    }

    /// Whether whoever signed in through a connector has nothing to go on with.
    func isDeleted(connector id: String) -> Bool {
        if case .deleted = standing(of: id) { true } else { false }
    }

    /// What the operator decides about second factors, with what is said of the connectors that there are now.
    var secondFactor: SecondFactorSettings {
        var rules = settings.secondFactor
        for live in settings.storedConnectors?.usable ?? [] { rules.connectors[live.connector.id] = live.secondFactor }
        return rules
    }

    /// Writes an audit event about something that a request led to.
    func record(
        _ kind: AuditEvent.Kind, _ reason: String? = nil, reference: Reference? = nil, identity: Identity? = nil,
        client: String? = nil, request: WebRequest
    ) {
        var event = AuditEvent(kind: kind, reference: reference ?? Reference(randomness: randomness), reason: reason)
        if let identity { event = event.about(identity) }
        event.client = client
        event.clientAddress = request.clientAddress
        event.requestID = request.id
        audit.record(event)
    }

    /// Who the grant is of, as its claims say it.
    func identity(of grant: GrantRecord) -> Identity {
        Identity(issuer: settings.issuer, subject: grant.subject, claims: grant.user.claims)
    }
}
