import JOSE
import OpenIDConnect
import RelyingParty
import Web

/// How an authorization endpoint answers to our redirect URI, and to one that nobody can have registered. Nobody is signed in:
/// `prompt=none` has a provider send the browser back at once (OpenID Connect Core section 3.1.2.1).
package struct RedirectTrial: Sendable {
    package struct Answer: Sendable, Equatable {
        var status: Int
        var location: String?
        /// In lower case; of errors only, since a login page repeats whatever it was asked.
        var complaint: String

        package init(status: Int, location: String? = nil, complaint: String = "") {
            self.status = status
            self.location = location
            self.complaint = complaint
        }
    }

    let uri: String
    /// nil: there was none.
    let answer: Answer?
    let control: Answer?

    package init(uri: String, answer: Answer?, control: Answer?) {
        self.uri = uri
        self.answer = answer
        self.control = control
    }

    /// Behind our redirect URI, for the one that nobody can have registered.
    package static let strange = "/gatehouse-doctor-asks-whether-this-is-registered"

    static func make(
        _ uri: String, _ client: IssuerCase.Client, _ endpoint: String, _ exchange: any ProviderExchange
    ) async -> RedirectTrial {
        async let answer = ask(uri, client, endpoint, exchange)
        async let control = ask(uri + strange, client, endpoint, exchange)
        return await RedirectTrial(uri: uri, answer: answer, control: control)
    }

    private static func ask(
        _ uri: String, _ client: IssuerCase.Client, _ endpoint: String, _ exchange: any ProviderExchange
    ) async -> Answer? {
        let verifier = Randomness.system.token()
        let query = QueryString([
            (name: "response_type", value: "code"), (name: "client_id", value: client.id), (name: "redirect_uri", value: uri),
            (name: "scope", value: "openid"), (name: "state", value: Randomness.system.token(16)),
            (name: "nonce", value: Randomness.system.token(16)), (name: "prompt", value: "none"),
            (name: "code_challenge", value: PKCE.challenge(of: verifier)), (name: "code_challenge_method", value: "S256"),
        ])
        let fetched = await Fetched.get(query.appending(to: endpoint), over: exchange, accept: "text/html")
        return fetched.response.map { response in
            let complaint = response.status < 400 ? "" : String(decoding: response.body.prefix(65536), as: UTF8.self)
            return Answer(
                status: response.status, location: response.headers.all("location").first, complaint: complaint.lowercased())
        }
    }
}

extension RedirectTrial {
    package enum Verdict: Equatable {
        case registered
        case notRegistered
        case unknownClient
        /// It sends the browser back with an OAuth error.
        case refused(error: String)
        /// Any redirect URI at all is taken.
        case anythingGoes
        case untold(reason: String)
    }

    /// The errors that say nothing but that nobody is signed in (OpenID Connect Core section 3.1.2.6).
    private static let nobodySignedIn = [
        "login_required", "interaction_required", "consent_required", "account_selection_required", "access_denied",
    ]

    package var verdict: Verdict {
        guard let answer else { return .untold(reason: "the authorization endpoint does not answer") }
        if answer.comesBack(to: uri) { return comesBack(answer) }
        if answer.status >= 400 {
            if answer.blamesRedirectURI { return .notRegistered }
            if answer.blamesClient { return .unknownClient }
        }
        guard let control else { return .untold(reason: "the authorization endpoint answers \(answer.status) only") }
        if answer.status >= 400 {
            return .untold(reason: "the authorization endpoint answers \(answer.status), and does not say why")
        }
        return answer.isLike(control)
            ? .untold(reason: "the authorization endpoint answers the same whatever the redirect URI is") : .registered
    }

    private func comesBack(_ answer: Answer) -> Verdict {
        if let control, control.comesBack(to: uri + Self.strange) { return .anythingGoes }
        guard let error = answer.error, !Self.nobodySignedIn.contains(error) else { return .registered }
        return ["unauthorized_client", "invalid_client"].contains(error) ? .unknownClient : .refused(error: error)
    }
}

extension RedirectTrial.Answer {
    fileprivate func comesBack(to uri: String) -> Bool {
        guard (300..<400).contains(status), let location, location.utf8.starts(with: uri.utf8) else { return false }
        return ["", "?", "#", "&"].contains(String(location.dropFirst(uri.count).prefix(1)))
    }

    fileprivate var error: String? {
        location.flatMap { location in
            location.split(separator: "?", maxSplits: 1).dropFirst().first.flatMap { FormFields(query: $0) }?.first("error")
        }
    }

    fileprivate var blamesRedirectURI: Bool {
        ["redirect_uri", "redirect uri", "redirect url", "redirect-uri", "redirecturi", "callback url", "aadsts50011"].contains {
            complaint.contains($0)
        }
    }

    fileprivate var blamesClient: Bool {
        ["invalid_client", "unauthorized_client", "client_id", "client not found", "unknown client", "aadsts700016"].contains {
            complaint.contains($0)
        }
    }

    /// The same page, whatever its query.
    fileprivate func isLike(_ other: Self) -> Bool {
        status == other.status && path == other.path
    }

    private var path: String? { location.map { String($0.prefix { $0 != "?" && $0 != "#" }) } }
}
