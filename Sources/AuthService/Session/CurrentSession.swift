import Web

/// The session of a request to one of our own endpoints, with the store asked where memory does not know.
enum CurrentSession: Sendable {
    case none
    case live(Session)
    case unavailable(detail: String)
}

/// The session cookies that a request brings, and where it brings them.
struct PresentedCookies: Sendable {
    let values: [String]
    /// As `CookiePolicy.scope`.
    let scope: String
}

extension AuthServiceParts {
    func session(of request: WebRequest) async -> CurrentSession {
        switch sessions.lookup(sessionCookies(of: request)) {
        case .none: return .none
        case .found(let entry): return .live(entry.session)
        case .unknown(let keys, let scope):
            do throws(StoreFailure) {
                return try await sessions.load(keys, scope: scope).map { .live($0.session) } ?? .none
            } catch {
                return .unavailable(detail: error.detail)
            }
        }
    }

    /// The session cookies. None on a host that we gave no cookie to: no browser brings one of ours there.
    func sessionCookies(of request: WebRequest) -> PresentedCookies {
        switch addresses.place(of: request) {
        case .foreign: PresentedCookies(values: [], scope: "")
        case .known(let origin), .sharing(let origin, _):
            PresentedCookies(
                values: RequestCookies(request.headers).all(named: cookies.sessionName(on: origin)),
                scope: cookies.scope(on: origin))
        }
    }
}
