import JOSE
import Testing

/// Values that lie sealed in a storage.
struct RecordKeysTests {
    private static let old = Secret(utf8: String(repeating: "o", count: 32))
    private static let new = Secret(utf8: String(repeating: "n", count: 32))
    private static let name = RecordName("session", id: [1, 2, 3])

    private static func keys(_ secrets: Secret...) throws -> RecordKeys { try #require(RecordKeys(secrets: secrets)) }

    @Test func theFirstSealsAndAllOpen() throws {
        let sealed = try Self.keys(Self.old).seal([7, 8], of: Self.name)
        #expect(try Self.keys(Self.old).open(sealed, of: Self.name)?.isNewest == true)
        let both = try Self.keys(Self.new, Self.old)
        #expect(both.open(sealed, of: Self.name)?.value == [7, 8])
        #expect(both.open(sealed, of: Self.name)?.isNewest == false && !both.isNewest(sealed))
        #expect(try both.isNewest(both.seal([7, 8], of: Self.name)))
        #expect(try Self.keys(Self.new).open(sealed, of: Self.name) == nil)
        #expect(RecordKeys(secrets: []) == nil)
    }

    static let others = [
        RecordName("session", id: [1, 2, 4]), RecordName("session", id: []), RecordName("upstream", id: [1, 2, 3]),
        RecordName("session\u{1}", id: [2, 3]),
    ]

    @Test(arguments: others) func opensInNoOthersPlace(_ other: RecordName) throws {
        let keys = try Self.keys(Self.old)
        #expect(try keys.open(keys.seal([7], of: Self.name), of: other) == nil)
    }

    @Test func nothingThatIsChangedOpens() throws {
        let keys = try Self.keys(Self.old, Self.new)
        let sealed = try keys.seal(Array("a token".utf8), of: Self.name)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(keys.open(changed, of: Self.name) == nil, "byte \(index)")
            #expect(keys.open(Array(sealed.prefix(index)), of: Self.name) == nil, "\(index) bytes")
        }
        #expect(try keys.seal(Array("a token".utf8), of: Self.name) != sealed, "a nonce is used once")
    }

    @Test func aTextSaysWhetherItIsSealed() throws {
        let text = try Self.keys(Self.old).sealedText("secret", of: Self.name)
        #expect(text.hasPrefix("sealed:") && !text.contains("secret"))
        #expect(RecordKeys.sealed(inText: "sealed:not base64url!") == [])
        #expect(RecordKeys.sealed(inText: "AQsomething") == nil)
    }
}
