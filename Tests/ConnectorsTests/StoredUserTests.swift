import Connectors
import JOSE
import OpenIDProvider
import Synchronization
import Testing

/// Users of a store at the local connector: who signs in, how much work it is, and whose hash is made anew.
struct StoredUserTests {
    /// Notes the costs of the hashes that it is asked about: the password `right-password` fits every hash that is no decoy.
    private final class Hasher: Sendable {
        private let asked = Mutex<[Int]>([])

        var work: Int { asked.withLock { $0.reduce(0) { $0 + (1 << $1) } } }

        func matches(_ password: Secret, _ hash: Secret) -> Bool {
            asked.withLock { $0.append(Bcrypt.cost(of: hash) ?? 0) }
            return password.text == "right-password" && hash.text.hasSuffix("CCCC")
        }
    }

    private static func hash(_ cost: String) -> Secret {
        Secret(utf8: "$2b$\(cost)$" + String(repeating: "C", count: 53))
    }

    private static func user(_ id: String, cost: String?, isDisabled: Bool = false) -> StoredUser {
        StoredUser(
            id: id, email: "\(id)@example.com", username: id, name: id, groups: ["g"], hash: cost.map(hash),
            isDisabled: isDisabled, createdAt: UnixTime(seconds: 0))
    }

    private static let fixed = LocalUser(
        id: "fixed", email: "fixed@example.com", username: "fixed", name: "Fixed", groups: [], hash: hash("11"))

    private static func connector(_ store: TestUserStore, _ hasher: Hasher) -> LocalConnector {
        LocalConnector(
            users: [fixed], store: store, scheme: .bcrypt(8), randomness: .system, pool: HashingPool(threads: 1)
        ) { hasher.matches($0, $1) }
    }

    private static let store = TestUserStore([
        user("cheap", cost: "04"), user("same", cost: "08"), user("dear", cost: "11"), user("gone", cost: "08", isDisabled: true),
        user("new", cost: nil), user("fixed", cost: "08"),
    ])

    @Test(arguments: ["cheap", "same", "dear", "gone", "new", "fixed", "nobody"])
    func aWrongPasswordIsAsMuchWorkWhoeverItIs(login: String) async {
        let hasher = Hasher()
        let outcome = await Self.connector(Self.store, hasher).authenticate(
            login: "\(login)@example.com", password: Secret(utf8: "wrong-password"))
        guard case .wrong = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(hasher.work == 1 << 11)
    }

    /// The work of each scheme, whoever it is: users of the configuration may have the one, those of the store the other.
    @Test(arguments: ["cheap", "same", "fixed", "nobody", "argon"])
    func withTwoSchemesEverybodyIsOneOfEach(login: String) async {
        let cost = Argon2id.Cost(memory: 64, iterations: 2, parallelism: 1)
        let asked = Mutex<[PasswordScheme?]>([])
        var users = [Self.user("cheap", cost: "04"), Self.user("same", cost: "08")]
        var argon = Self.user("argon", cost: nil)
        argon.hash = Secret(utf8: "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMRCCCC")
        users.append(argon)
        let connector = LocalConnector(
            users: [Self.fixed], store: TestUserStore(users), scheme: .argon2id(cost), randomness: .system,
            pool: HashingPool(threads: 1)
        ) { _, hash in
            asked.withLock { $0.append(PasswordScheme(of: hash)) }
            return false
        }
        _ = await connector.authenticate(login: "\(login)@example.com", password: Secret(utf8: "wrong-password"))
        let schemes = asked.withLock { $0 }
        #expect(schemes.count { $0 == .argon2id(cost) } == 1)
        let bcryptWork = schemes.reduce(0) { sum, scheme in if case .bcrypt(let cost)? = scheme { sum + (1 << cost) } else { sum }
        }
        #expect(bcryptWork == 1 << 11)
        #expect(!schemes.contains(nil))
    }

    @Test(arguments: [("cheap", true), ("same", true), ("dear", true), ("gone", false), ("new", false), ("nobody", false)])
    func whoSignsIn(login: String, signsIn: Bool) async {
        let outcome = await Self.connector(Self.store, Hasher()).authenticate(
            login: login, password: Secret(utf8: "right-password"))
        if case .authenticated(let user) = outcome {
            #expect(signsIn && user.id == login && user.claims["email_verified"] == true && user.claims["groups"] == ["g"])
        } else {
            #expect(!signsIn)
        }
    }

    @Test func nobodyInTheStoreStandsBeforeTheConfiguration() async {
        let outcome = await Self.connector(Self.store, Hasher()).authenticate(
            login: "fixed@example.com", password: Secret(utf8: "right-password"))
        guard case .authenticated(let user) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(user.claims["name"] == "Fixed")
    }

    @Test(arguments: [("cheap", true), ("same", false), ("dear", true), ("fixed", false)])
    func aHashThatIsNotAsItOughtToBeIsMadeAnew(login: String, isMadeAnew: Bool) async {
        let store = TestUserStore([Self.user("cheap", cost: "04"), Self.user("same", cost: "08"), Self.user("dear", cost: "11")])
        let connector = Self.connector(store, Hasher())
        _ = await connector.authenticate(login: "\(login)@example.com", password: Secret(utf8: "wrong-password"))
        #expect(store.replaced.isEmpty)
        _ = await connector.authenticate(login: "\(login)@example.com", password: Secret(utf8: "right-password"))
        #expect(store.replaced.map(\.id) == (isMadeAnew ? [login] : []))
        for user in store.replaced {
            #expect(user.version == 2)
            #expect(user.hash.map { Bcrypt.matches(Secret(utf8: "right-password"), hash: $0) } == true)
            #expect(user.hash.flatMap { Bcrypt.cost(of: $0) } == 8)
        }
    }

    @Test func aStoreThatIsAwayIsNoWrongPassword() async {
        let store = TestUserStore([], isAway: true)
        let connector = Self.connector(store, Hasher())
        guard case .failed = await connector.authenticate(login: "x", password: Secret(utf8: "right-password")),
            case .failed = await connector.refresh(ConnectorUser(id: "x", claims: JSONObject()))
        else {
            Issue.record("not failed")
            return
        }
        guard case .current = await connector.refresh(ConnectorUser(id: "fixed", claims: JSONObject())) else {
            Issue.record("users of the configuration need no store")
            return
        }
    }

    @Test(arguments: [("same", true), ("new", true), ("gone", false), ("nobody", false)])
    func whoIsStillThere(id: String, isThere: Bool) async {
        let refreshed = await Self.connector(Self.store, Hasher()).refresh(ConnectorUser(id: id, claims: JSONObject()))
        switch refreshed {
        case .current(let user): #expect(isThere && user.claims["email"]?.string == "\(id)@example.com")
        case .gone: #expect(!isThere)
        case .failed(let detail): Issue.record("\(detail)")
        }
    }
}

/// A few users that stay as they are; it notes what was replaced.
final class TestUserStore: UserStore {
    private let users: [StoredUser]
    private let isAway: Bool
    private let notes = Mutex<[StoredUser]>([])

    init(_ users: [StoredUser], isAway: Bool = false) {
        self.users = users
        self.isAway = isAway
    }

    var replaced: [StoredUser] { notes.withLock { $0 } }

    private func answer<Value>(_ value: Value) throws(ProviderStoreFailure) -> Value {
        if isAway { throw ProviderStoreFailure(detail: "away") }
        return value
    }

    func user(id: String) async throws(ProviderStoreFailure) -> StoredUser? { try answer(users.first { $0.id == id }) }
    func user(login: String) async throws(ProviderStoreFailure) -> StoredUser? {
        try answer(users.first { $0.email == login || $0.username == login })
    }
    func replace(_ user: StoredUser) async throws(ProviderStoreFailure) -> UserReplacement {
        notes.withLock { $0.append(user) }
        return .replaced
    }
    func users(after: String?, limit: Int) async throws(ProviderStoreFailure) -> [StoredUser] { try answer(users) }
    func create(_ user: StoredUser, invitation: InvitationRecord?) async throws(ProviderStoreFailure) -> Bool { false }
    func deleteUser(id: String) async throws(ProviderStoreFailure) -> Bool { false }
    func invite(_ invitation: InvitationRecord) async throws(ProviderStoreFailure) {}
    func invitation(_ key: SecretDigest) async throws(ProviderStoreFailure) -> InvitationRecord? { nil }
    func accept(_ key: SecretDigest, hash: Secret, now: UnixTime) async throws(ProviderStoreFailure) -> StoredUser? { nil }
    func sweepInvitations(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int { 0 }
}
