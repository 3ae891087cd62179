import JOSE
import Yams

/// `provider`
enum ProviderSection {
    static let issuer = Key.required(
        "issuer", ownIssuer, standIn: ConfiguredURL(text: "", scheme: "https", host: "", path: ""),
        "The issuer identifier: as clients reach the provider.")
    static let clients = Key.defaulted("clients", .list(of: ClientSection.section.shape), [], "Who may ask for tokens.")
    static let storedClients = Key.defaulted(
        "storedClients", .boolean(), false, "Whether there are clients beside those, kept in the storage.")
    static let users = Key.defaulted("users", .list(of: UserSection.section.shape), [], "Users with passwords in this file.")
    static let storedUsers = Key.optional(
        "storedUsers", StoredUserSection.section.shape, "Users beside those, kept in the storage; none without it.")
    static let passwords = Key.section("passwords", PasswordSection.section, "Passwords of users in the storage.")
    static let connectors = Key.defaulted(
        "connectors", ConnectorSection.list, [], "Where else users sign in: a directory.")
    static let storedConnectors = Key.defaulted(
        "storedConnectors", .boolean(), false, "Whether there are connectors beside those, kept in the storage.")
    static let tokens = Key.section("tokens", TokenSection.section, "How long tokens live.")
    static let sessions = Key.section("sessions", ProviderSessionSection.section, "How long people stay signed in here.")
    static let mfa = Key.section("mfa", SecondFactorSection.section, "Second factors: who has to have one.")
    static let signingAlgorithms = Key.defaulted(
        "signingAlgorithms", .list(of: .signatureAlgorithm()), [.rs256, .es256],
        "How ID tokens can be signed; the first where a client says nothing.")
    static let keys = Key.section("keys", KeyScheduleSection.section, "When signing keys change.")
    static let clientCertificates = Key.optional(
        "clientCertificates", ProviderCertificateSection.section.shape, "Lets clients authenticate by certificates (RFC 8705).")
    static let passwordConnector = Key.optional(
        "passwordConnector", Shape<String>.id(), "The connector that checks passwords which clients send; `local` for `users`.")
    static let assertionIssuers = Key.defaulted(
        "assertionIssuers", AssertionIssuerSection.list, [], "Whose assertions stand for a sign-in (RFC 7523).")
    static let registration = Key.optional(
        "registration", RegistrationSection.section.shape, "Lets clients register themselves (RFC 7591).")

    static let section = Section(
        "provider",
        [
            issuer.listed, clients.listed, storedClients.listed, users.listed, storedUsers.listed, passwords.listed,
            connectors.listed, storedConnectors.listed, tokens.listed, sessions.listed, mfa.listed, signingAlgorithms.listed,
            keys.listed,
            clientCertificates.listed, passwordConnector.listed, assertionIssuers.listed, registration.listed,
        ]
    ) { fields in
        let algorithms = fields(signingAlgorithms)
        if algorithms.isEmpty, let node = fields.given(signingAlgorithms.name), node.sequence?.isEmpty == true {
            fields.reading.error("`signingAlgorithms` is empty", "name one, or remove the key", at: node)
        }
        return ProviderSettings(
            issuer: fields(issuer), clients: fields(clients), storesClients: fields(storedClients), users: fields(users),
            storedUsers: fields(storedUsers), passwords: fields(passwords), connectors: fields(connectors),
            storesConnectors: fields(storedConnectors),
            tokens: fields(tokens), sessions: fields(sessions), mfa: fields(mfa), signingAlgorithms: algorithms,
            keys: fields(keys), clientCertificates: fields(clientCertificates),
            passwordConnector: fields(passwordConnector), assertionIssuers: fields(assertionIssuers),
            registration: fields(registration))
    }

    private static let ownIssuer = Shape<ConfiguredURL>.issuer().then(show: { .text($0.text) }) {
        url, node, reading -> ConfiguredURL? in
        guard !url.path.hasSuffix("/") else {
            return reading.refuse("the issuer ends in `/`", "write `\(url.text.dropLast())`", node)
        }
        return url
    }
}
