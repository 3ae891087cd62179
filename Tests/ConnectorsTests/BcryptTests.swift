import Connectors
import JOSE
import Testing

struct BcryptTests {
    /// From the test vectors of Openwall's crypt_blowfish, in the public domain, and of OpenBSD.
    @Test(arguments: [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
        ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        ("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ])
    func knownHashes(password: String, hash: String) {
        #expect(Bcrypt.matches(Secret(utf8: password), hash: Secret(utf8: hash)))
        #expect(!Bcrypt.matches(Secret(utf8: password + "x"), hash: Secret(utf8: hash)))
    }

    @Test(arguments: ["a", "pässwörd ✓", String(repeating: "x", count: 72)])
    func aNewHashMatchesItsPasswordOnly(password: String) throws {
        let hash = try Bcrypt.hash(Secret(utf8: password), cost: 8, randomness: .system)
        #expect(Bcrypt.matches(Secret(utf8: password), hash: hash))
        #expect(!Bcrypt.matches(Secret(utf8: password.dropLast() + "y"), hash: hash))
        #expect(hash.text.hasPrefix("$2b$08$"))
    }

    @Test func theSamePasswordHasAnotherHashEachTime() throws {
        let hashes = try (0..<2).map { _ in try Bcrypt.hash(Secret(utf8: "x"), cost: 8, randomness: .system).text }
        #expect(hashes[0] != hashes[1])
    }

    @Test(arguments: [
        ("", 10, Bcrypt.Refusal.empty), (String(repeating: "x", count: 73), 10, .tooLong), ("a\0b", 10, .zeroByte),
        ("x", 7, .cost), ("x", 17, .cost), ("x", -1, .cost),
    ])
    func refusedPasswords(password: String, cost: Int, refusal: Bcrypt.Refusal) {
        #expect(throws: refusal) { try Bcrypt.hash(Secret(utf8: password), cost: cost, randomness: .system) }
    }

    @Test func whatBcryptWouldCutOffDoesNotMatch() throws {
        let password = String(repeating: "x", count: 72)
        let hash = try Bcrypt.hash(Secret(utf8: password), cost: 8, randomness: .system)
        #expect(!Bcrypt.matches(Secret(utf8: password + "more"), hash: hash))
        #expect(!Bcrypt.matches(Secret(utf8: password + "\0"), hash: hash))
    }

    @Test(arguments: [
        "", "x", "$1$CCCCCCCC$E5YPO9kmyuRGyh0XouQYb4", "$2a$05$short",
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "*0", "*1",
    ])
    func whatIsNoBcryptHashNeverMatches(hash: String) {
        #expect(Bcrypt.cost(of: Secret(utf8: hash)) == nil)
        #expect(!Bcrypt.matches(Secret(utf8: "U*U"), hash: Secret(utf8: hash)))
    }
}
