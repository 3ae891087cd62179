import JOSE
import Testing

struct Base64URLTests {
    @Test(arguments: [[], [0], [0xFB, 0xFF], [1, 2, 3], Array(UInt8.min...UInt8.max)] as [[UInt8]])
    func readsWhatItWrote(bytes: [UInt8]) {
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }

    @Test(arguments: ["A", "AB", "AAB", "AA==", "A+", "A/", "AA A", "AA\n", "é"])
    func refusesEverySecondSpelling(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
