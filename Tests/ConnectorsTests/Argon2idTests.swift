import Connectors
import JOSE
import Testing

struct Argon2idTests {
    private static let cheap = Argon2id.Cost(memory: 64, iterations: 1, parallelism: 1)

    @Test(arguments: ["password", "é", String(repeating: "x", count: 1024)])
    func aHashIsItsPasswordsOnly(password: String) throws {
        let hash = try #require(Argon2id.hash(Secret(utf8: password), cost: Self.cheap, randomness: .system))
        #expect(Argon2id.cost(of: hash) == Self.cheap)
        #expect(Argon2id.matches(Secret(utf8: password), hash: hash))
        #expect(!Argon2id.matches(Secret(utf8: password + "y"), hash: hash))
        #expect(!Argon2id.matches(Secret([]), hash: hash))
        #expect(PasswordScheme.matches(Secret(utf8: password), hash: hash))
        #expect(PasswordScheme(of: hash) == .argon2id(Self.cheap))
    }

    /// Made by the reference implementation's own command line (its test vectors): `password`, `somesalt`.
    @Test func aHashThatWeDidNotMake() {
        let hash = Secret(
            utf8: "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
        #expect(Argon2id.matches(Secret(utf8: "password"), hash: hash))
        #expect(!Argon2id.matches(Secret(utf8: "Password"), hash: hash))
    }

    @Test func everySaltIsAnother() {
        let hashes = (0..<4).map { _ in
            Argon2id.hash(Secret(utf8: "password"), cost: Self.cheap, randomness: .system)?.text ?? ""
        }
        #expect(Set(hashes).count == 4)
    }

    @Test(arguments: [
        "", "$argon2id$", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR",
        "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgL",
        "$argon2id$v=19$m=64,t=1$c29tZXNhbHQ$nf65EOgL", "$argon2id$v=19$m=64,t=1,p=1,x=1$c29tZXNhbHQ$nf65EOgL",
        "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$nf65EOgL", "$argon2id$v=19$m=64,t=4000000000,p=1$c29tZXNhbHQ$nf65EOgL",
        "$argon2id$v=19$m=64,t=1,p=200$c29tZXNhbHQ$nf65EOgL", "$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$nf65EOgL",
        "$argon2id$v=19$m=64,t=1,p=1$$nf65EOgL", "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$nf65EOgL",
        "$2b$10$1x0OVZ3KF/z6GUh6/XJSFuHim3oFwdrq0KlJdt4k920Qfda/E8Dk.",
    ])
    func whatIsNoHashOrADearOne(text: String) {
        #expect(Argon2id.cost(of: Secret(utf8: text)) == nil)
        #expect(!Argon2id.matches(Secret(utf8: "password"), hash: Secret(utf8: text)))
    }

    @Test(arguments: [
        Argon2id.Cost(memory: 1, iterations: 1, parallelism: 1), Argon2id.Cost(memory: 2 << 20, iterations: 1, parallelism: 1),
        Argon2id.Cost(memory: 64, iterations: 0, parallelism: 1), Argon2id.Cost(memory: 64, iterations: 1, parallelism: 16),
    ])
    func aCostThatNobodyCanBear(cost: Argon2id.Cost) {
        #expect(Argon2id.hash(Secret(utf8: "password"), cost: cost, randomness: .system) == nil)
    }
}
