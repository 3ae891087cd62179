import Connectors
import JOSE
import OpenIDProvider
import Testing

struct LocalPasswordsTests {
    private static let refused = RefusedPasswords(list: Array("password123\r\n\nCorrectHorse\n".utf8))

    private func passwords(minimumLength: Int = 8) -> LocalPasswords {
        LocalPasswords(
            scheme: .bcrypt(8), minimumLength: minimumLength, refused: Self.refused, pool: HashingPool(threads: 1),
            randomness: .system)
    }

    @Test(
        arguments: [
            ("seven77", .tooShort(8)), ("", .tooShort(8)), ("ééééééé", .tooShort(8)),
            (String(repeating: "x", count: 73), .tooLong(72)),
            (String(repeating: "é", count: 37), .tooLong(72)), ("password123", .listed), ("PASSWORD123", .listed),
            ("with\0zero-byte", .unusable),
        ] as [(String, PasswordRefusal)])
    func whatIsNoPassword(password: String, refusal: PasswordRefusal) async {
        guard case .refused(refusal) = await passwords().hash(Secret(utf8: password)) else {
            Issue.record("\(password) was not refused for it")
            return
        }
    }

    @Test func bytesThatAreNoTextAreNoPassword() async {
        guard case .refused(.unusable) = await passwords().hash(Secret(Array(repeating: 0xff, count: 10))) else {
            Issue.record("not refused")
            return
        }
    }

    @Test(arguments: ["eight888", "éééééééé", "  spaces  ", "correcthorse "])
    func whatIsChosenFits(password: String) async {
        guard case .hashed(let hash) = await passwords().hash(Secret(utf8: password)) else {
            Issue.record("refused")
            return
        }
        #expect(Bcrypt.cost(of: hash) == 8)
        #expect(await passwords().matches(Secret(utf8: password), hash: hash) == true)
        #expect(await passwords().matches(Secret(utf8: password + "x"), hash: hash) == false)
    }

    @Test func aFullQueueIsBusy() async {
        let full = LocalPasswords(pool: HashingPool(threads: 1, limit: 0), randomness: .system)
        guard case .busy = await full.hash(Secret(utf8: "a-good-password")) else {
            Issue.record("not busy")
            return
        }
        #expect(await full.matches(Secret(utf8: "x"), hash: Secret(utf8: "x")) == nil)
    }
}

struct RefusedPasswordsTests {
    /// `hunter2`, `letmein` and nothing else.
    private static let hashes = """
        F3BBBD66A63D4BF1747940578EC3D0103530E21D:17
        b7a875fc1ea228b9061041b7cec4bd3c52ab3ce3

        """

    @Test(arguments: [("hunter2", true), ("HUNTER2", true), ("letmein", true), ("hunter3", false), ("", false)])
    func aListOfHashes(password: String, isThere: Bool) {
        #expect(RefusedPasswords(list: Array(Self.hashes.utf8)).contains(Secret(utf8: password)) == isThere)
    }

    @Test(arguments: [
        ("abc", true), ("x y", true), ("pässwort", true), ("ABC", true), ("Upper", true), ("upper", false), ("ab", false),
        ("a:b", true), ("f3bbbd66a63d4bf1747940578ec3d0103530e21", true),
    ])
    func aListOfWords(password: String, isThere: Bool) {
        let list = "abc\nx y\r\npässwort\nUpper\na:b\nf3bbbd66a63d4bf1747940578ec3d0103530e21"
        #expect(RefusedPasswords(list: Array(list.utf8)).contains(Secret(utf8: password)) == isThere)
    }

    @Test func noListRefusesNothing() {
        #expect(!RefusedPasswords.none.contains(Secret(utf8: "password")))
        #expect(!RefusedPasswords(list: []).contains(Secret(utf8: "")))
    }
}
