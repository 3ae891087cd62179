import AuthService
import JOSE
import OpenIDProvider
import Storage
import Testing

/// What every store refuses since it is too large: with the failure of its protocol, and as a whole.
@Suite(.serialized) struct RecordLimitTests {
    typealias Write = @Sendable (SampleRecords, StoreFixture) async throws -> Void
    typealias Read = @Sendable (StoreFixture) async throws -> Bool

    struct Operation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Before it.
        var first: Write = { _, _ in }
        let write: Write
        /// Whether anything of it is there.
        let isThere: Read

        init(_ name: String, first: @escaping Write = { _, _ in }, write: @escaping Write, isThere: @escaping Read) {
            (testDescription, self.first, self.write, self.isThere) = (name, first, write, isThere)
        }
    }

    private static let large = SampleRecords(text: String(repeating: "x", count: 1 << 20))
    private static let small = SampleRecords()
    /// As large as may be, but for what a record says beside it.
    private static let justSmaller = SampleRecords(text: String(repeating: "y", count: (1 << 20) - 4096))

    /// Those that make something.
    static let creations: [Operation] = [
        Operation("session") {
            try await $1.sessions.create($0.session)
        } isThere: {
            try await $0.sessions.load(small.session.key) != nil
        },
        Operation("personal token") {
            _ = try await $1.personalTokens.create($0.token, limit: 9)
        } isThere: {
            try await $0.personalTokens.load(small.token.key) != nil
        },
        Operation("grant and code") {
            try await $1.provider.create($0.grant, with: $0.code)
        } isThere: {
            try await [$0.provider.grant(id: small.grant.id) != nil, $0.provider.authorizationCode(small.code.key) != nil]
                .contains(true)
        },
        Operation("grant") {
            try await $1.provider.create($0.grant)
        } isThere: {
            try await $0.provider.grant(id: small.grant.id) != nil
        },
        Operation("session at the provider") {
            _ = try await $1.sso.begin($0.ssoSession, inPlaceOf: nil)
        } isThere: {
            try await [$0.sso.session(small.ssoSession.key) != nil, $0.sso.session(ofAccount: "account-1") != nil].contains(true)
        },
        Operation("notice of sign-out") {
            try await $1.sso.end(SSOEnding(accountIDs: [], notices: [small.notice(2), $0.notice]), keepingOffline: false)
        } isThere: {
            try await !$0.sso.claimNotices(dueAt: UnixTime(seconds: 20), until: UnixTime(seconds: 30), limit: 9).isEmpty
        },
        Operation("pushed request") {
            _ = try await $1.transients.push($0.request, limit: 9)
        } isThere: {
            try await $0.transients.takePushedRequest(small.request.key) != nil
        },
        Operation("upstream tokens") {
            try await $1.upstream.keep($0.upstream)
        } isThere: {
            try await $0.upstream.upstreamTokens(accountID: small.name) != nil
        },
        Operation("user") {
            _ = try await $1.users.create($0.storedUser, invitation: $0.invitation)
        } isThere: {
            try await [$0.users.user(login: small.name) != nil, $0.users.invitation(small.invitation.key) != nil].contains(true)
        },
        Operation("second factors") {
            _ = try await $1.secondFactors.add([small.passkey, $0.factor])
        } isThere: {
            try await !$0.secondFactors.secondFactors(of: small.factor.account).isEmpty
        },
        Operation("client") {
            _ = try await $1.clients.create($0.client)
        } isThere: {
            try await $0.clients.documents(since: nil)?.documents.isEmpty == false
        },
        Operation("connector") {
            _ = try await $1.connectors.create($0.connector)
        } isThere: {
            try await $0.connectors.documents(since: nil)?.documents.isEmpty == false
        },
        Operation("signing key") {
            try await $1.signingKeys.addFirstSigningKey($0.signingKey)
        } isThere: {
            try await !$0.signingKeys.signingKeys(purpose: small.signingKey.purpose).isEmpty
        },
    ]

    @Test(arguments: StoreKind.allCases, creations)
    func whatIsTooLargeIsNotMade(kind: StoreKind, _ operation: Operation) async throws {
        let store = try await StoreFixture(kind)
        #expect(await isRefused(operation, store))
        #expect(try await !operation.isThere(store))
        try await operation.write(Self.justSmaller, store)
        #expect(try await operation.isThere(store))
    }

    /// Those that put something in the place of what is there. What is there has to stay.
    static let replacements: [Operation] = [
        Operation("session") {
            try await $1.sessions.create($0.session)
        } write: {
            var next = $0.session
            next.version = 2
            _ = try await $1.sessions.replace(next)
        } isThere: {
            try await $0.sessions.load(small.session.key)?.version == 2
        },
        Operation("claims of personal tokens") {
            _ = try await $1.personalTokens.create($0.token, limit: 9)
        } write: {
            try await $1.personalTokens.renew($0.identity)
        } isThere: {
            try await $0.personalTokens.load(small.token.key)?.identity != small.identity
        },
        Operation("grant") {
            try await $1.provider.create($0.grant)
        } write: {
            var next = $0.grant
            next.version = 2
            _ = try await $1.provider.replace(next)
        } isThere: {
            try await $0.provider.grant(id: small.grant.id)?.version == 2
        },
        Operation("session at the provider") {
            _ = try await $1.sso.begin($0.ssoSession, inPlaceOf: nil)
        } write: {
            var next = $0.ssoSession
            next.version = 2
            _ = try await $1.sso.replace(next)
        } isThere: {
            try await $0.sso.session(small.ssoSession.key)?.version == 2
        },
        Operation("upstream tokens") {
            try await $1.upstream.keep($0.upstream)
        } write: {
            var next = $0.upstream
            next.version = 2
            _ = try await $1.upstream.replace(next)
        } isThere: {
            try await $0.upstream.upstreamTokens(accountID: small.name)?.version == 2
        },
        Operation("user") {
            _ = try await $1.users.create($0.storedUser, invitation: nil)
        } write: {
            var next = $0.storedUser
            next.version = 2
            _ = try await $1.users.replace(next)
        } isThere: {
            try await $0.users.user(login: small.name)?.version == 2
        },
        Operation("password of an invitation") {
            _ = try await $1.users.create($0.storedUser, invitation: $0.invitation)
        } write: {
            _ = try await $1.users.accept($0.invitation.key, hash: Secret(utf8: $0.text), now: UnixTime(seconds: 1))
        } isThere: {
            try await $0.users.invitation(small.invitation.key) == nil
        },
        Operation("second factor") {
            _ = try await $1.secondFactors.add([$0.factor])
        } write: {
            var next = $0.factor
            next.version = 2
            _ = try await $1.secondFactors.replace(next)
        } isThere: {
            try await $0.secondFactors.secondFactors(of: small.factor.account).first?.version == 2
        },
        Operation("client") {
            _ = try await $1.clients.create($0.client)
        } write: {
            var next = $0.client
            next.version = 2
            _ = try await $1.clients.replace(next)
        } isThere: {
            try await $0.clients.documents(since: nil)?.documents.first?.version == 2
        },
        Operation("connector") {
            _ = try await $1.connectors.create($0.connector)
        } write: {
            var next = $0.connector
            next.version = 2
            _ = try await $1.connectors.replace(next)
        } isThere: {
            try await $0.connectors.documents(since: nil)?.documents.first?.version == 2
        },
        Operation("material of a signing key") {
            try await $1.signingKeys.addFirstSigningKey($0.signingKey)
        } write: {
            try await $1.signingKeys.replaceMaterial(of: $0.signingKey, with: $0.signingKey.material)
        } isThere: {
            try await $0.signingKeys.signingKeys(purpose: small.signingKey.purpose).first?.material.bytes
                != small.signingKey.material.bytes
        },
    ]

    @Test(arguments: StoreKind.allCases, replacements)
    func whatIsTooLargeReplacesNothing(kind: StoreKind, _ operation: Operation) async throws {
        let store = try await StoreFixture(kind)
        try await operation.first(Self.small, store)
        #expect(await isRefused(operation, store))
        #expect(try await !operation.isThere(store))
        try await operation.write(Self.justSmaller, store)
        #expect(try await operation.isThere(store))
    }

    /// Whether the store says why, in the words of its protocol.
    private func isRefused(_ operation: Operation, _ store: StoreFixture) async -> Bool {
        do { try await operation.write(Self.large, store) } catch let failure as StoreFailure {
            return failure.detail.contains("too large")
        } catch { return (error as? ProviderStoreFailure)?.detail.contains("too large") ?? false }
        return false
    }

    /// Names that stores look up by: what databases can index is less than a record may hold.
    @Test(arguments: StoreKind.allCases)
    func anEndingOfATooLongNameIsNone(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let long = SampleRecords(name: String(repeating: "n", count: 1 << 20))
        await #expect(throws: StoreFailure.self) { try await store.sessions.remember(long.ending) }
        await #expect(throws: ProviderStoreFailure.self) { try await store.sso.remember(long.consent) }
        await #expect(throws: ProviderStoreFailure.self) { _ = try await store.transients.create(long.device, limit: 9) }
        #expect(try await store.transients.device(long.device.key) == nil)
        #expect(try await store.sso.consents(ofSubject: long.name).isEmpty)
    }
}

extension SampleRecords {
    fileprivate func notice(_ number: UInt8) -> LogoutNotice {
        var other = self
        other.number = number
        return other.notice
    }
}
