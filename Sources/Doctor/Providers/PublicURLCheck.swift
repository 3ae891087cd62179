import JOSE
import RelyingParty
import Settings
import Web

/// Whether the gateway asks Gatehouse about every request. That our own endpoints answer does not tell: the gateway may lead to
/// `listen.web` by a route, and ask about nothing. What is asked for at a path where nobody has anything tells.
enum PublicURLCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        guard let service = seen.configuration.authService else { return [] }
        let mayBeOpen = service.rules.contains(where: \.mayOpenAnything)
        return seen.publicURLs.map { visit in
            let subject = "public URL \(visit.url.origin)"
            return unreached(subject, visit.own) ?? asked(subject, visit.strange, service, mayBeOpen: mayBeOpen)
        }
    }

    /// Another one each time: no application has it.
    static var strangePath: String { "/gatehouse-doctor-\(Randomness.system.token(16))" }

    private static func unreached(_ subject: String, _ fetched: Fetched) -> Finding? {
        switch fetched {
        case .failed(let failure): return away(subject, failure)
        case .response(let response, _, _):
            guard response.status != 401 || GatewayAnswer(response).error == nil else { return nil }
            return .failure(
                subject, "the gateway answers \(response.status) where Gatehouse's own endpoints are",
                mend: "have the gateway ask Gatehouse about every request (`gatehouse manifests`)")
        }
    }

    private static func asked(
        _ subject: String, _ fetched: Fetched, _ service: AuthServiceSettings, mayBeOpen: Bool
    ) -> Finding {
        switch fetched {
        case .failed(let failure): return away(subject, failure)
        case .response(let response, _, _):
            let homes = service.publicURLs.map { $0.origin + service.path }
            if GatewayAnswer(response).isOurRefusal(homes: homes) { return .ok(subject, "the gateway asks Gatehouse") }
            let found = "Gatehouse is reached, but an unknown path is answered with \(response.status), not by its refusal"
            guard !mayBeOpen else {
                return .warning(
                    subject, "\(found): by a rule with `allow: anyone`, or because the gateway does not ask; that cannot be told",
                    mend: "ask again without that rule, or look into the gateway's configuration")
            }
            let why = response.status < 500 ? "the gateway does not ask" : "the gateway does not ask, or gets no answer"
            return .failure(
                subject, "\(found): \(why), and applications may be open",
                mend: "have the gateway ask Gatehouse about every request (`gatehouse manifests`), not only lead our paths to it")
        }
    }

    private static func away(_ subject: String, _ failure: UpstreamFailure) -> Finding {
        .warning(
            subject, "nobody answers there now: \(failure.detail)", mend: "ask again while Gatehouse and the gateway run")
    }
}

extension AccessRule {
    /// Whether it may be for a path that nobody knows. A condition that would except it is taken for fulfilled.
    fileprivate var mayOpenAnything: Bool {
        allow == .anyone
            && (paths.isEmpty
                || paths.contains { path in
                    switch path {
                    case .exact: return false
                    case .below(let own): return own == "/"
                    case .glob(let segments, _):
                        if case .literal? = segments.first { return false }
                        return true
                    }
                })
    }
}
