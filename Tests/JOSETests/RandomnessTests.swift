import JOSE
import Testing

struct RandomnessTests {
    @Test(arguments: UInt8.min...UInt8.max) func anIdentifierBeginsWithALetter(byte: UInt8) {
        let randomness = Randomness { Array(repeating: byte, count: $0) }
        let name = randomness.identifier()
        #expect(name.utf8.count == 22)
        #expect(name.first?.isLetter == true)
        #expect(name.dropFirst(2) == randomness.token(16).dropFirst(2))
    }

    @Test func identifiersAreOthersEachTime() {
        #expect(Set((0..<1000).map { _ in Randomness.system.identifier(9) }).count == 1000)
    }
}
