import CCrypt
import Connectors
import JOSE
import OpenIDProvider
import Synchronization
import Testing

struct LocalConnectorTests {
    /// Notes the hashes that it is asked about instead of computing anything: the password `right` fits every user's.
    private final class Hasher: Sendable {
        private let asked = Mutex<[String]>([])

        var hashes: [String] { asked.withLock { $0 } }

        func matches(_ password: Secret, _ hash: Secret) -> Bool {
            asked.withLock { $0.append(hash.text) }
            return password.text == "right" && LocalConnectorTests.users.contains { $0.hash.text == hash.text }
        }
    }

    private static func user(_ id: String, _ email: String, _ username: String, cost: String) -> LocalUser {
        LocalUser(
            id: id, email: email, username: username, name: "Name of \(id)", groups: ["team-a"],
            hash: Secret(utf8: "$2b$\(cost)$" + String(repeating: "C", count: 53)))
    }

    private static let users = [
        user("1", "Admin@example.com", "admin", cost: "10"), user("2", "bob@example.com", "bob", cost: "12"),
        user("3", "bob@example.org", "twin", cost: "10"), user("4", "x@example.org", "twin", cost: "10"),
    ]

    private static func connector(_ hasher: Hasher, pool: HashingPool = HashingPool(threads: 1)) -> LocalConnector {
        LocalConnector(users: users, randomness: .system, pool: pool) { hasher.matches($0, $1) }
    }

    @Test(arguments: [("admin@example.com", "1"), ("ADMIN@EXAMPLE.COM", "1"), ("admin", "1"), ("bob@example.org", "3")])
    func knownLogins(login: String, id: String) async {
        guard
            case .authenticated(let user) = await Self.connector(Hasher()).authenticate(
                login: login, password: Secret(utf8: "right"))
        else {
            Issue.record("not authenticated")
            return
        }
        #expect(user.id == id)
        #expect(user.claims["email_verified"] == true)
        #expect(user.claims["groups"] == ["team-a"])
    }

    @Test(arguments: ["nobody@example.com", "Bob", "twin", "", "bob@example.co", "é@example.com"])
    func unknownLoginsAreCheckedAgainstTheDearestHash(login: String) async {
        let hasher = Hasher()
        let outcome = await Self.connector(hasher).authenticate(login: login, password: Secret(utf8: "right"))
        guard case .wrong = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(hasher.hashes.count == 1)
        #expect(Bcrypt.cost(of: Secret(utf8: hasher.hashes.first ?? "")) == 12)
    }

    @Test func aWrongPasswordCostsAsMuch() async {
        let hasher = Hasher()
        let outcome = await Self.connector(hasher).authenticate(login: "bob", password: Secret(utf8: "wrong"))
        guard case .wrong = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(hasher.hashes.count == 1)
    }

    @Test(arguments: ["", String(repeating: "x", count: 73), "a\0"])
    func passwordsThatBcryptCannotTakeAreRefusedUnhashed(password: String) async {
        let hasher = Hasher()
        let outcome = await Self.connector(hasher).authenticate(login: "admin", password: Secret(utf8: password))
        guard case .wrong = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(hasher.hashes.isEmpty)
    }

    @Test func theDecoyIsAHashThatCryptWorksOn() async {
        let results = Mutex<[Bool]>([])
        let connector = LocalConnector(users: [], randomness: .system, pool: HashingPool(threads: 1)) { password, hash in
            // libcrypt answers a setting that it cannot use at once, without work: the decoy must not be one.
            let isUsable = crypt_checksalt(hash.text) == CRYPT_SALT_OK
            results.withLock { $0.append(isUsable) }
            return Bcrypt.matches(password, hash: hash)
        }
        _ = await connector.authenticate(login: "x", password: Secret(utf8: "x"))
        #expect(results.withLock { $0 } == [true])
    }

    @Test func aFullQueueIsBusy() async {
        let hasher = Hasher()
        let outcome = await Self.connector(hasher, pool: HashingPool(threads: 1, limit: 0)).authenticate(
            login: "admin", password: Secret(utf8: "right"))
        guard case .busy = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(hasher.hashes.isEmpty)
    }

    @Test func aUserWhoIsStillThereIsCurrent() async {
        guard case .current(let user) = await Self.connector(Hasher()).refresh(ConnectorUser(id: "2", claims: JSONObject()))
        else {
            Issue.record("not current")
            return
        }
        #expect(user.claims["email"] == "bob@example.com")
    }

    @Test func aUserWhoWasRemovedIsGone() async {
        guard case .gone = await Self.connector(Hasher()).refresh(ConnectorUser(id: "9", claims: JSONObject())) else {
            Issue.record("not gone")
            return
        }
    }
}
