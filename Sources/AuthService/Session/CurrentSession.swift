import Web

/// The session of a request to one of our own endpoints, with the store asked where memory does not know.
enum CurrentSession: Sendable {
    case none
    case live(Session)
    case unavailable(detail: String)
}

extension AuthServiceParts {
    func session(of request: WebRequest) async -> CurrentSession {
        let origin = addresses.place(of: request).origin
        let values = RequestCookies(request.headers).all(named: cookies.sessionName(on: origin))
        switch sessions.lookup(cookieValues: values) {
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
}
