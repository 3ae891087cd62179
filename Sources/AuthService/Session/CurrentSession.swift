import Web

/// The session of a request to one of our own endpoints, with the store asked where memory does not know.
enum CurrentSession: Sendable {
    case none
    case live(Session)
    case unavailable(detail: String)
}

/// The session cookies that a request brings, and where it brings them.
struct PresentedCookies: Sendable {
    /// More cookies of one name than any browser sends by itself: then none is believed.
    static let maximum = 4

    private(set) var count = 0
    private var values = (RequestMessage.Part.none, RequestMessage.Part.none, RequestMessage.Part.none, RequestMessage.Part.none)
    /// As `CookiePolicy.scope`.
    let scope: String

    /// From every `cookie` field of the request.
    init(_ message: RequestMessage, at place: CookiePlace) {
        scope = place.scope
        let name = place.cookieName
        let bytes = message.bytes.span
        for field in message.fields where sameBytes(bytes.extracting(field.name.range), "cookie") {
            var scanner = CookieScanner(from: field.value.range.lowerBound)
            while let pair = scanner.next(in: bytes, until: field.value.range.upperBound) {
                guard sameBytes(bytes.extracting(pair.name), name.span) else { continue }
                add(RequestMessage.Part(pair.value))
            }
        }
    }

    subscript(index: Int) -> RequestMessage.Part {
        switch index {
        case 0: values.0
        case 1: values.1
        case 2: values.2
        default: values.3
        }
    }

    private mutating func add(_ value: RequestMessage.Part) {
        switch count {
        case 0: values.0 = value
        case 1: values.1 = value
        case 2: values.2 = value
        default: values.3 = value
        }
        count += 1
    }
}

extension AuthServiceParts {
    /// - Parameter withTokens: whether the provider's tokens are asked for, which memory may not have.
    func session(of request: WebRequest, withTokens: Bool = false) async -> CurrentSession {
        let message = RequestMessage(request)
        let entry: CachedSession?
        do throws(StoreFailure) {
            switch sessions.lookup(message, at: cookiePlaces.place(of: message)) {
            case .none, .granted: entry = nil
            case .found(let known): entry = known
            case .refreshing(let refreshing): entry = try await sessions.refreshed(refreshing)
            case .unknown(let keys, let scope): entry = try await sessions.load(keys, scope: scope)
            }
            guard let session = entry?.session else { return .none }
            guard withTokens else { return .live(session) }
            return try await sessions.withTokens(session).map { .live($0) } ?? .none
        } catch {
            return .unavailable(detail: error.detail)
        }
    }
}
