import JOSE
import Web

/// What comes back to `/callback`, as the checks see it.
struct CallbackFacts: Sendable {
    let fields: FormFields?
    /// In the path, where it names one.
    let pathConnector: String?
    /// Opened, where it is one of ours.
    let state: UpstreamState?
    /// The state's, if it is there and is an upstream.
    let connector: (any UpstreamConnector)?
    /// The request that waits, where its client and redirect URI are registered still.
    var signIn: PendingSignIn?
    var isExpired: Bool = false
    /// The cookie that the state was made with.
    var browser: LoginCookie?
    /// Whether somebody has signed in by this state.
    var isUsed: Bool = false
}

/// One thing that a reply must fulfil before anybody looks at what it says.
struct CallbackCheck: Sendable {
    /// The page that its refusal shows.
    enum Answer: Sendable {
        case badRequest
        case expired
        /// With a way to begin again.
        case signInFailed
    }

    let name: String
    let section: String
    let answer: Answer
    let isFulfilled: @Sendable (CallbackFacts) -> Bool

    init(
        _ name: String, _ section: String, _ answer: Answer, unless isFulfilled: @escaping @Sendable (CallbackFacts) -> Bool
    ) {
        self.name = name
        self.section = section
        self.answer = answer
        self.isFulfilled = isFulfilled
    }
}

/// Every check of `/callback`, in order; the first that is not fulfilled decides. `iss`, nonce and what else is the upstream's own
/// is the connector's to check.
enum CallbackChecks {
    static let all: [CallbackCheck] = [
        .init("parameters readable", "RFC 6749 §4.1.2", .badRequest) { $0.fields != nil },
        .init("no parameter twice", "RFC 6749 §3.1", .badRequest) { $0.fields?.repeatedName == nil },
        .init("state of ours", "RFC 6749 §10.12", .badRequest) { $0.state != nil },
        .init("connector there", "RFC 6749 §10.12", .badRequest) { $0.connector != nil },
        .init("connector of the path", "RFC 9700 §4.4.2", .signInFailed) { facts in
            facts.pathConnector.map { sameBytes($0, facts.state?.connectorID ?? "") } ?? true
        },
        .init("path of the connector", "RFC 9700 §4.4.2", .signInFailed) { facts in
            // One with a redirect URI of its own takes replies there only.
            facts.pathConnector != nil || !(facts.connector?.hasOwnCallback ?? false)
        },
        .init("not too late", "RFC 6749 §10.12", .expired) { !$0.isExpired },
        .init("client registered", "RFC 6749 §3.1.2", .badRequest) { $0.signIn != nil },
        .init("browser that began", "RFC 9700 §4.7", .signInFailed) { $0.browser != nil },
        .init("not used before", "RFC 9700 §4.5.3", .signInFailed) { !$0.isUsed },
    ]
}

extension UpstreamConnector {
    /// Whether its redirect URI ends in its id.
    var hasOwnCallback: Bool { redirectURI.map { $0.utf8.reversed().starts(with: "/callback/\(id)".utf8.reversed()) } ?? false }
}
