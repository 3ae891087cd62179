import AuthService
import JOSE

/// What a provider has given for a session: what of a session is secret.
struct SessionTokens: Sendable {
    var idToken: Secret?
    var refreshToken: Secret?
    var accessToken: Secret?

    var areNone: Bool { idToken == nil && refreshToken == nil && accessToken == nil }

    init(idToken: Secret?, refreshToken: Secret?, accessToken: Secret?) {
        self.idToken = idToken
        self.refreshToken = refreshToken
        self.accessToken = accessToken
    }

    init(_ session: Session) {
        self.init(idToken: session.idToken, refreshToken: session.refreshToken, accessToken: session.accessToken)
    }

    /// `nil` for what `bytes` did not make.
    init?(bytes: [UInt8]) {
        guard var reader = try? RecordReader(bytes), let idToken = try? Optional(reader.possibleSecret()),
            let refreshToken = try? Optional(reader.possibleSecret()), let accessToken = try? Optional(reader.possibleSecret())
        else { return nil }
        self.init(idToken: idToken, refreshToken: refreshToken, accessToken: accessToken)
    }

    var bytes: [UInt8] {
        var writer = RecordWriter()
        for secret in [idToken, refreshToken, accessToken] { writer.writeIfAny(secret) { $0.write($1) } }
        return writer.bytes
    }
}

extension Session {
    /// With these tokens in the place of its own.
    func with(_ tokens: SessionTokens, sealed: [UInt8]? = nil) -> Session {
        var session = self
        (session.idToken, session.refreshToken, session.accessToken) =
            (tokens.idToken, tokens.refreshToken, tokens.accessToken)
        session.sealedTokens = sealed
        return session
    }
}
