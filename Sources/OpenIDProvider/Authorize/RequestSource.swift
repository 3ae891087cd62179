import JOSE
import OpenIDConnect
import Web

/// How the parameters of an authorization request came.
enum RequestSource: Sendable, Equatable {
    /// In the query or the form itself.
    case plain
    /// In a request object that the client has signed (RFC 9101).
    case signed
    /// Pushed by the client (RFC 9126), signed or not.
    case pushed
    /// By `request` and `request_uri` at the same time.
    case both
    /// A request object of a client that has no keys with us.
    case unsignable
    case badObject(why: String)
    /// A `request_uri` of ours that nobody pushed, or that was used, or that has expired; or another client's.
    case unknownReference
    /// A `request_uri` of somewhere else: we fetch nothing that a browser names.
    case foreignReference

    static let referencePrefix = "urn:ietf:params:oauth:request_uri:"

    /// For the audit line: why a request object was refused.
    var detail: String { if case .badObject(let why) = self { ": \(why)" } else { "" } }
}

extension AuthorizationParameters {
    /// The parameters of a request, out of wherever they are.
    static func read(_ request: WebRequest, _ issuer: Issuer) async throws(ProviderStoreFailure) -> AuthorizationParameters {
        let outer = AuthorizationParameters(request, settings: issuer.settings)
        guard outer.fields?.repeatedName == nil else { return outer }
        return try await outer.resolved(issuer, mayRefer: true)
    }

    /// - Parameter mayRefer: whether `request_uri` may be there.
    func resolved(_ issuer: Issuer, mayRefer: Bool) async throws(ProviderStoreFailure) -> AuthorizationParameters {
        try await found(issuer, mayRefer: mayRefer).hinted(issuer)
    }

    private func found(_ issuer: Issuer, mayRefer: Bool) async throws(ProviderStoreFailure) -> AuthorizationParameters {
        switch (self["request"], self["request_uri"]) {
        case (nil, nil): return self
        case (_?, _?): return from(.both)
        case (let object?, nil): return await opened(object, issuer)
        case (nil, let reference?):
            guard mayRefer, reference.utf8.starts(with: RequestSource.referencePrefix.utf8) else {
                return from(.foreignReference)
            }
            return try await pushed(reference, issuer)
        }
    }

    private func opened(_ object: String, _ issuer: Issuer) async -> AuthorizationParameters {
        guard let client, client.keys != nil else { return from(.unsignable) }
        switch await RequestObject(issuer: issuer, client: client, now: issuer.clock.now).outcome(object) {
        case .parameters(let fields): return AuthorizationParameters(fields, settings: issuer.settings, source: .signed)
        case .refused(let why): return from(.badObject(why: why))
        }
    }

    private func pushed(_ reference: String, _ issuer: Issuer) async throws(ProviderStoreFailure) -> AuthorizationParameters {
        let key = SecretDigest(of: Secret(utf8: reference))
        guard let client, let record = try await issuer.transients.takePushedRequest(key),
            sameBytes(record.clientID, client.id), issuer.clock.now < record.expiresAt,
            let fields = FormFields(query: record.parameters)
        else { return from(.unknownReference) }
        return AuthorizationParameters(fields, settings: issuer.settings, source: .pushed)
    }
}
