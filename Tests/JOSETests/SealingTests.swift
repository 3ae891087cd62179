import JOSE
import Testing

struct SealingTests {
    private let old = Secret(Array(repeating: 1, count: 32))
    private let new = Secret(Array(repeating: 2, count: 32))

    @Test func theFirstSealsAndAllOpen() throws {
        let sealed = try SealingKeys(secrets: [old], purpose: "p").seal(Array("text".utf8))
        #expect(SealingKeys(secrets: [new, old], purpose: "p").open(sealed) == Array("text".utf8))
        #expect(SealingKeys(secrets: [new], purpose: "p").open(sealed) == nil)
    }

    @Test func anotherPurposeDoesNotOpen() throws {
        let keys = SealingKeys(secrets: [old], purpose: "p")
        #expect(keys.forPurpose("q").open(try keys.seal([1])) == nil)
    }

    @Test func noBitMayChange() throws {
        let keys = SealingKeys(secrets: [old], purpose: "p")
        let sealed = try #require(Base64URL.decode(try keys.seal([1, 2, 3])))
        for index in sealed.indices {
            var damaged = sealed
            damaged[index] ^= 1
            #expect(keys.open(Base64URL.encode(damaged)) == nil)
        }
    }

    @Test(arguments: ["", "A", "AQ", "é", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func junkDoesNotOpen(text: String) {
        #expect(SealingKeys(secrets: [old], purpose: "p").open(text) == nil)
    }

    @Test func secretsPrintAsDots() {
        let secret = Secret(utf8: "hidden")
        #expect("\(secret) \(String(reflecting: secret))" == "••• •••")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        #expect(!dumped.contains("hidden"))
    }
}
