import JOSE
import OpenIDConnect
import Web

/// What the callback looks at, read from the request before any check.
struct CallbackFacts: Sendable {
    let fields: FormFields?
    let state: SignInState?
    /// Whether the reply came to the redirect URI of the provider that was asked.
    let isAtItsCallback: Bool
    let seed: BrowserSeed?
    let now: UnixTime
}

/// What becomes of a provider's reply that does not sign in.
enum CallbackRefusal: Sendable {
    /// A page that says what happened; `reason` is for the log.
    case page(reason: String)
    /// The sign-in begins once more (or, where a session is there by now, ends at its page).
    case again(reason: String)
}

/// One check of the provider's reply.
struct CallbackCheck: Sendable {
    let name: String
    let section: String
    let refuse: @Sendable (CallbackFacts) -> CallbackRefusal?

    /// The checks in their order; the first refusal counts. What follows them (the token exchange, `iss`, the ID token's own table)
    /// is the relying party's.
    static let all: [CallbackCheck] = [
        CallbackCheck(name: "parameters are readable", section: "RFC 6749 §4.1.2") { facts in
            facts.fields == nil ? .page(reason: "the parameters cannot be read") : nil
        },
        CallbackCheck(name: "no parameter comes twice", section: "RFC 6749 §3.1") { facts in
            facts.fields?.repeatedName == nil ? nil : .page(reason: "a parameter comes twice")
        },
        CallbackCheck(name: "state is one of ours", section: "RFC 6749 §10.12") { facts in
            facts.state == nil ? .page(reason: "state is missing or not ours") : nil
        },
        CallbackCheck(name: "the reply is not another provider's", section: "RFC 9700 §4.4.2.2") { facts in
            facts.isAtItsCallback ? nil : .page(reason: "the reply came to another provider's redirect URI")
        },
        CallbackCheck(name: "state is not too old", section: "RFC 6749 §10.12") { facts in
            guard let state = facts.state else { return .page(reason: "state is missing") }
            let age = facts.now.since(state.startedAt)
            return (0...SignInState.life).contains(age) ? nil : .again(reason: "state is \(age) seconds old")
        },
        CallbackCheck(name: "this browser began the sign-in", section: "RFC 9700 §4.7.1") { facts in
            guard let state = facts.state, let seed = facts.seed, seed.began(state) else {
                return .again(reason: "the cookie of this sign-in is missing or another's")
            }
            return nil
        },
        CallbackCheck(name: "the provider reports no error", section: "RFC 6749 §4.1.2.1") { facts in
            guard let error = facts.fields?.first("error") else { return nil }
            // Only a code that we know goes to the log: the parameter is anybody's text.
            return .page(reason: "the provider answered \(OAuthError.Code(rawValue: error)?.rawValue ?? "an unknown error")")
        },
        CallbackCheck(name: "there is a code", section: "RFC 6749 §4.1.2") { facts in
            facts.fields?.first("code")?.isEmpty ?? true ? .page(reason: "code is missing") : nil
        },
    ]

    static func firstRefusal(_ facts: CallbackFacts) -> CallbackRefusal? {
        all.lazy.compactMap { $0.refuse(facts) }.first
    }
}
