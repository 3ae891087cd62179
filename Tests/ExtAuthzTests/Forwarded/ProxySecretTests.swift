import ExtAuthz
import JOSE
import Testing

@Suite struct ProxySecretTests {
    private static let words = "correct-horse-battery"

    @Test func itsOwnIsAdmitted() {
        #expect(secret.admits([Self.words]))
    }

    @Test(arguments: [
        [], [""], ["correct-horse-batterz"], ["correct-horse-batter"], ["Correct-horse-battery"], [words, words],
        [words, "wrong"], [words + ","], ["\(words), \(words)"],
    ]) func anythingElseIsNot(_ shown: [String]) {
        #expect(!secret.admits(shown))
    }

    private let secret = ProxySecret(Secret(utf8: words))
}
