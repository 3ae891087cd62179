import JOSE
import Logging
import OpenIDProvider
import Storage
import Synchronization
import Testing
import Web

struct StoredConnectorTests {
    /// Connectors that can be told from each other, and what became of them.
    private final class Workshop: Sendable {
        let made = Mutex<[String]>([])
        let closed = Mutex<[String]>([])
        let time = Mutex(ContinuousClock.now)
        let isWithoutFile = Mutex(false)

        func make(_ id: String, _ members: JSONObject) throws(UnusableConnector) -> LiveConnector {
            guard let name = members["name"]?.string, !isWithoutFile.withLock({ $0 }) else { throw UnusableConnector("no file") }
            made.withLock { $0.append("\(id) \(name)") }
            return LiveConnector(
                NamedConnector(id: id, name: name), secondFactor: members["mfa"]?.string == "required" ? .required : nil
            ) {
                self.closed.withLock { $0.append("\(id) \(name)") }
            }
        }

        func later(_ seconds: Int) { time.withLock { $0 += .seconds(seconds) } }
    }

    private struct NamedConnector: PasswordConnector {
        let id: String
        let name: String?
        func authenticate(login: String, password: Secret) async -> PasswordOutcome { .wrong }
        func refresh(_ user: ConnectorUser) async -> RefreshedUser { .gone }
        func probe() async -> ConnectorProbe { .reached }
    }

    private let store = MemoryDocumentStore<StoredConnector>()
    private let sealing = SealingKeys(secrets: [Secret(utf8: "0123456789abcdef0123456789abcdef")], purpose: "test")
    private let workshop = Workshop()

    private func load(_ workshop: Workshop, sealing: SealingKeys? = nil) async throws -> StoredConnectors {
        try await .load(
            store, sealing: ConnectorSealing(sealing ?? self.sealing),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { workshop.time.withLock { $0 } },
            make: workshop.make
        )
    }

    private func provider(_ connectors: StoredConnectors) throws -> Provider {
        try TestProvider(stored: connectors).provider
    }

    @Test func whatIsMadeIsThereAtOnceAndWhatIsReplacedIsClosedLater() async throws {
        let accounts = try #require(try provider(try await load(workshop)).connectors)
        guard case .changed = try await accounts.add(id: "a", named("one")) else { Issue.record("another outcome"); return }
        guard case .changed = try await accounts.add(id: "b", named("two")) else { Issue.record("another outcome"); return }
        guard case .taken = try await accounts.add(id: "a", named("three")) else { Issue.record("another outcome"); return }
        #expect(accounts.all.map(\.live?.connector.name) == ["one", "two"])
        guard case .changed = try await accounts.change(id: "a", { _ in named("four") }) else {
            Issue.record("another outcome"); return
        }
        #expect(accounts.connector("a")?.live?.connector.name == "four")
        #expect(workshop.made.withLock { $0 } == ["a one", "a one", "b two", "b two", "a four", "a four"])
        // One of each was made only to see that it can be.
        #expect(workshop.closed.withLock { $0 } == ["a one", "b two", "a four"])
        workshop.later(121)
        guard case .changed = try await accounts.delete(id: "b") else { Issue.record("another outcome"); return }
        #expect(workshop.closed.withLock { $0 } == ["a one", "b two", "a four", "a one"])
        guard case .gone = try await accounts.delete(id: "b") else { Issue.record("another outcome"); return }
        workshop.later(121)
        guard
            case .refused("no") = try await accounts.change(
                id: "a", { _ throws(ConnectorAccounts.Complaint) in throw .init("no") })
        else {
            Issue.record("another outcome"); return
        }
        #expect(workshop.closed.withLock { $0 } == ["a one", "b two", "a four", "a one", "b two"])
    }

    @Test func anotherProcessFollowsAndMakesWhatItDoesNotKnow() async throws {
        let (mine, other) = (workshop, Workshop())
        let here = try #require(try provider(try await load(mine)).connectors)
        _ = try await here.add(id: "a", named("one"))
        let there = try await load(other)
        #expect(there.all.map(\.live?.connector.name) == ["one"])
        _ = try await here.add(id: "b", named("two"))
        try await there.follow()
        try await there.follow()
        #expect(there.all.map(\.live?.connector.name) == ["one", "two"])
        #expect(other.made.withLock { $0 } == ["a one", "b two"])
    }

    @Test func manyWhoFollowAtOnceLoseNoConnection() async throws {
        let here = try #require(try provider(try await load(workshop)).connectors)
        let other = Workshop()
        let there = try await load(other)
        for number in 0..<20 {
            _ = try await here.add(id: "c\(number)", named("x"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await there.follow() } }
                try await group.waitForAll()
            }
        }
        other.later(121)
        try await there.follow()
        // Whatever was made twice is closed, and what is used is not.
        #expect(there.all.count == 20)
        #expect(other.made.withLock { $0.count } - other.closed.withLock { $0.count } == 20)
    }

    @Test func whatNoKeyOpensIsShownAndCannotBeChanged() async throws {
        let here = try #require(try provider(try await load(workshop)).connectors)
        _ = try await here.add(id: "a", named("one"))
        let strange = SealingKeys(secrets: [Secret(utf8: "abcdef0123456789abcdef0123456789")], purpose: "test")
        let there = try #require(try provider(try await load(workshop, sealing: strange)).connectors)
        let known = try #require(there.connector("a"))
        #expect(known.live == nil && there.members(of: known) == nil)
        guard case .taken = try await there.add(id: "a", named("two")) else { Issue.record("another outcome"); return }
        // Whoever says all of it anew has it back.
        guard case .changed = try await there.change(id: "a", { before in named(before == nil ? "anew" : "lost") }) else {
            Issue.record("another outcome"); return
        }
        #expect(there.connector("a")?.live?.connector.name == "anew")
    }

    @Test func theIDOfADeletedOneIsNeverGivenAgain() async throws {
        let accounts = try #require(try provider(try await load(workshop)).connectors)
        _ = try await accounts.add(id: "a", named("one"))
        _ = try await accounts.delete(id: "a")
        #expect(accounts.all.isEmpty && accounts.connector("a") == nil)
        guard case .refused = try await accounts.add(id: "a", named("two")) else { Issue.record("another outcome"); return }
        guard case .gone = try await accounts.change(id: "a", { _ in named("two") }) else {
            Issue.record("another outcome"); return
        }
        #expect(try await load(Workshop()).all.isEmpty)
    }

    @Test func whatCannotBeUsedIsTriedAgain() async throws {
        let here = try #require(try provider(try await load(workshop)).connectors)
        _ = try await here.add(id: "a", named("one"))
        _ = try await here.add(id: "b", named("two"))
        let other = Workshop()
        other.isWithoutFile.withLock { $0 = true }
        let there = try await load(other)
        #expect(there.all.map { $0.live == nil } == [true, true])
        other.isWithoutFile.withLock { $0 = false }
        try await there.follow()
        #expect(there.all.map { $0.live == nil } == [true, true])
        other.later(31)
        try await there.follow()
        #expect(there.all.map(\.live?.connector.name) == ["one", "two"])
        other.later(31)
        try await there.follow()
        #expect(other.made.withLock { $0 } == ["a one", "b two"])
    }

    @Test func whatCannotBeMadeIsNotStored() async throws {
        workshop.isWithoutFile.withLock { $0 = true }
        let accounts = try #require(try provider(try await load(workshop)).connectors)
        guard case .refused("no file") = try await accounts.add(id: "a", named("one")) else {
            Issue.record("another outcome"); return
        }
        #expect(try await store.documents(since: nil)?.documents.isEmpty == true)
    }

    @Test func aDatabaseThatHasLostItsLastMomentsIsFollowed() async throws {
        let older = FallingBack()
        let there = try await StoredConnectors.load(
            older, sealing: ConnectorSealing(sealing), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            make: workshop.make)
        #expect(there.all.count == 1)
        try await there.follow()
        #expect(there.all.isEmpty)
    }

    /// A store whose revision goes back.
    private actor FallingBack: DocumentStore {
        private var revision: Int64 = 8

        func documents(since known: Int64?) async throws(ProviderStoreFailure) -> DocumentSnapshot<StoredConnector>? {
            defer { revision = 7 }
            let connector = StoredConnector(id: "a", sealed: "x", createdAt: UnixTime(seconds: 1))
            return known == revision ? nil : .init(revision: revision, documents: revision == 8 ? [connector] : [])
        }

        func create(_ document: StoredConnector) async throws(ProviderStoreFailure) -> Bool { false }
        func replace(_ document: StoredConnector) async throws(ProviderStoreFailure) -> Bool { false }
        func delete(id: String) async throws(ProviderStoreFailure) -> Bool { false }
    }

    @Test func oneInThePlaceOfAnotherDoesNotCount() async throws {
        let here = try #require(try provider(try await load(workshop)).connectors)
        _ = try await here.add(id: "a", named("one"))
        let sealed = try #require(here.connector("a")?.stored.sealed)
        #expect(!sealed.contains("one"))
        #expect(try await store.create(StoredConnector(id: "b", sealed: sealed, createdAt: UnixTime(seconds: 1))))
        let there = try await load(Workshop())
        #expect(there.all.map { $0.live == nil } == [false, true])
    }

    @Test func thereIsABound() async throws {
        let accounts = try #require(try provider(try await load(workshop)).connectors)
        for number in 0..<ConnectorAccounts.maximumConnectors {
            guard case .changed = try await accounts.add(id: "c\(number)", named("x")) else {
                Issue.record("another outcome"); return
            }
        }
        guard case .refused = try await accounts.add(id: "more", named("x")) else { Issue.record("another outcome"); return }
    }
}

private func named(_ name: String) -> JSONObject { JSONObject([("name", .string(name))]) }
