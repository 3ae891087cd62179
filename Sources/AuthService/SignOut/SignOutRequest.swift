import JOSE
import Web

/// How an endpoint of sign-out is spoken to.
enum SignOutStyle: Sendable, Equatable {
    /// Our own: GET asks, POST does.
    case own
    /// oauth2-proxy's `/oauth2/sign_out?rd=`: a link on a page of the same host does it too.
    case oauth2Proxy
    /// Arrikto's `/authservice/logout`: a POST by a script, answered with 201 and `afterLogoutURL`.
    case arrikto
}

/// What a request to sign out wishes for, and whether it is the wish of whoever is signed in.
struct SignOutRequest: Sendable {
    /// Where to end afterwards: absolute and checked; `nil`: at our own page.
    let target: String?
    /// The sessions of all of the person's browsers.
    let isEverywhere: Bool
    /// What only a page made for the session can know. It travels in the query, since most gateways do not pass bodies on.
    let confirmation: String?
    /// Sealed by us, back from the provider.
    let state: String?

    private let request: WebRequest

    init(_ request: WebRequest, parts: AuthServiceParts, origin: Origin) {
        self.request = request
        let fields = FormFields(query: request.query)
        target = fields?.first("rd").map { parts.addresses.target($0, at: origin) }
        isEverywhere = fields?.first("everywhere") == "1"
        confirmation = fields?.first("confirm")
        state = fields?.first("state")
    }

    /// A program that sent a POST: it reads JSON, and a redirect is of no use to it.
    var isByProgram: Bool { sameBytes(request.method, "POST") && !Caller.readsPages(request) }

    /// Whether it comes from a page of ours or of the application's, which are on one origin, and not from anybody else's.
    /// - Parameter expected: what `confirmation` has to be.
    func isMeant(style: SignOutStyle, at origin: Origin, expected: String) -> Bool {
        switch request.method {
        case "POST":
            let isConfirmed = confirmation.map { Secret(utf8: $0).matches(Secret(utf8: expected)) } ?? false
            return isConfirmed ? fetchSite != "cross-site" : isFromOwnScript(origin)
        case "GET":
            // The link itself is the button there. Typed addresses and bookmarks say `none`; images and frames do not navigate.
            return style == .oauth2Proxy && request.headers.first("sec-fetch-mode") == "navigate"
                && request.headers.first("sec-fetch-dest") != "iframe" && ["same-origin", "none"].contains(fetchSite)
        default: return false
        }
    }

    private var fetchSite: String? { request.headers.first("sec-fetch-site") }

    /// Scripts cannot set these two headers; a form of another origin's has its own origin in them.
    private func isFromOwnScript(_ origin: Origin) -> Bool {
        guard isByProgram else { return false }
        if let fetchSite { return fetchSite == "same-origin" }
        return request.headers.first("origin").flatMap { Origin($0) } == origin
    }
}
