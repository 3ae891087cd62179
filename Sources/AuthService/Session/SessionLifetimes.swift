/// How long sessions live, in seconds, and how many of them one user may have.
package struct SessionLifetimes: Sendable {
    /// Without any request.
    package var idle: Int64
    /// At the longest.
    package var lifetime: Int64

    /// With one more, the oldest ends.
    package var limitPerUser: Int?
    package var remembering: SessionRemembering

    package init(
        idle: Int64, lifetime: Int64, limitPerUser: Int? = nil, remembering: SessionRemembering = .always
    ) {
        self.idle = idle
        self.lifetime = lifetime
        self.limitPerUser = limitPerUser
        self.remembering = remembering
    }
}

/// Whether browsers keep the session cookie when they are closed.
package enum SessionRemembering: Sendable {
    case always
    case never
    /// People choose when they sign in.
    case asked

    /// - Parameter wish: what the person, or the application that sent them, has asked for; `nil`: nothing.
    func isRemembered(_ wish: Bool?) -> Bool {
        switch self {
        case .always: wish ?? true
        case .never: false
        case .asked: wish ?? false
        }
    }
}
