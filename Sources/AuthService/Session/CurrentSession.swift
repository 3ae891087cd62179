import Web

/// The session of a request to one of our own endpoints, with the store asked where memory does not know.
enum CurrentSession: Sendable {
    case none
    case live(Session)
    case unavailable(detail: String)
}

extension AuthServiceParts {
    func session(of request: WebRequest) async -> CurrentSession {
        switch sessions.lookup(cookieValues: sessionCookies(of: request)) {
        case .none: return .none
        case .found(let entry): return .live(entry.session)
        case .unknown(let keys):
            do throws(StoreFailure) {
                return try await sessions.load(keys).map { .live($0.session) } ?? .none
            } catch {
                return .unavailable(detail: error.detail)
            }
        }
    }

    /// The values of the session cookie. None on a host that we gave no cookie to: no browser brings one of ours there.
    func sessionCookies(of request: WebRequest) -> [String] {
        switch addresses.place(of: request) {
        case .foreign: []
        case .known(let origin), .sharing(let origin, _):
            RequestCookies(request.headers).all(named: cookies.sessionName(on: origin))
        }
    }
}
