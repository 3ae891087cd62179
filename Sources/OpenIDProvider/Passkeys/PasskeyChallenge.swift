import JOSE

/// What an authenticator is asked to sign. Nothing of it is stored: the form carries it sealed, and the challenge itself is made of that
/// text by the browser's login cookie, so that it is worth nothing in any other browser.
struct PasskeyChallenge: Sendable, Equatable {
    static let purpose = "passkey-challenge"
    static let field = "challenge"
    /// Seconds.
    private static let life: Int64 = 300

    enum Ceremony: Sendable, Equatable {
        /// By whoever of a connector's users it is.
        case signIn(connectorID: String)
        /// By whoever has signed in with their first factor.
        case prove(subject: String)
        case create(subject: String)
    }

    let ceremony: Ceremony
    let expiresAt: UnixTime

    init(_ ceremony: Ceremony, now: UnixTime) {
        self.ceremony = ceremony
        expiresAt = now.adding(Self.life)
    }

    /// `nil` for what these keys did not seal.
    init?(sealed: String, keys: SealingKeys) {
        guard sealed.utf8.count <= 2048, let members = keys.open(sealed).flatMap({ try? JSONReader.read($0) })?.object,
            let expiry = members["x"]?.integer,
            let ceremony = Self.ceremony(members["c"]?.string, of: members["w"]?.string)
        else { return nil }
        self.ceremony = ceremony
        expiresAt = UnixTime(seconds: expiry)
    }

    /// Another text each time.
    func sealed(with keys: SealingKeys) throws(ProviderStoreFailure) -> String {
        let (kind, whose) = named
        let members: JSONValue = ["c": .string(kind), "w": .string(whose), "x": .integer(expiresAt.seconds)]
        guard let sealed = try? keys.seal(members.jsonBytes) else {
            throw ProviderStoreFailure(detail: "cannot seal a passkey's challenge")
        }
        return sealed
    }

    /// What is signed, 32 bytes.
    static func bytes(of sealed: String, in browser: LoginCookie) -> [UInt8] {
        browser.bound(Secret(utf8: "\(purpose)\n\(sealed)"))
    }

    private var named: (kind: String, whose: String) {
        switch ceremony {
        case .signIn(let connector): ("signIn", connector)
        case .prove(let subject): ("prove", subject)
        case .create(let subject): ("create", subject)
        }
    }

    private static func ceremony(_ kind: String?, of whose: String?) -> Ceremony? {
        guard let whose else { return nil }
        switch kind {
        case "signIn"?: return .signIn(connectorID: whose)
        case "prove"?: return .prove(subject: whose)
        case "create"?: return .create(subject: whose)
        default: return nil
        }
    }
}
