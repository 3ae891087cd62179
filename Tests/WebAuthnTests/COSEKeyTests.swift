import Testing
import WebAuthn

struct COSEKeyTests {
    @Test(arguments: COSEAlgorithm.allCases) func verifiesItsOwnSignatures(algorithm: COSEAlgorithm) throws {
        let pair = try TestKey.of(algorithm)
        let key = try #require(COSEKey(bytes: pair.coseBytes()))
        let signature = try pair.sign([1, 2, 3])
        #expect(key.algorithm == algorithm)
        #expect(key.verifies(signature, of: [1, 2, 3]))
        #expect(!key.verifies(signature, of: [1, 2, 4]))
        #expect(!key.verifies(signature.dropLast(), of: [1, 2, 3]) && !key.verifies([], of: [1, 2, 3]))
        #expect(!key.verifies(Array(signature.dropLast()) + [(signature.last ?? 0) ^ 1], of: [1, 2, 3]))
    }

    /// Which label is set to what.
    @Test(
        arguments: [
            (COSEAlgorithm.es256, 1, CBORValue(3)), (.es256, 3, CBORValue(-257)), (.es256, 3, CBORValue(-8)),
            (.es256, 3, CBORValue(-35)), (.es256, 3, CBORValue(-37)), (.es256, -1, CBORValue(2)), (.es256, -2, .bytes([1])),
            (.es256, -3, .bool(true)), (.es256, -3, .bytes([UInt8](repeating: 1, count: 32))),
            (.es256, -2, .bytes([UInt8](repeating: 0xFF, count: 32))), (.edDSA, 1, CBORValue(2)), (.edDSA, 3, CBORValue(-7)),
            (.edDSA, -1, CBORValue(7)), (.edDSA, -2, .bytes([1, 2])), (.rs256, 1, CBORValue(2)), (.rs256, 3, CBORValue(-65535)),
            (.rs256, -1, .bytes([UInt8](repeating: 0xFF, count: 128))),
            (.rs256, -1, .bytes([0] + [UInt8](repeating: 0xFF, count: 255))),
            (.rs256, -1, .bytes([UInt8](repeating: 0xFF, count: 1025))), (.rs256, -2, .bytes([UInt8](repeating: 1, count: 9))),
            (.rs256, -2, .bytes([])),
        ] as [(COSEAlgorithm, Int64, CBORValue)])
    func isNoneWithAnotherValue(algorithm: COSEAlgorithm, label: Int64, value: CBORValue) throws {
        let bytes = try TestKey.of(algorithm).coseBytes { members in
            members = members.map { $0.0 == label ? (label, value) : $0 }
        }
        #expect(COSEKey(bytes: bytes) == nil)
    }

    @Test(arguments: COSEAlgorithm.allCases) func isNoneWithoutOneOfItsValues(algorithm: COSEAlgorithm) throws {
        let pair = try TestKey.of(algorithm)
        for index in pair.cose.indices { #expect(COSEKey(bytes: pair.coseBytes { $0.remove(at: index) }) == nil) }
        #expect(COSEKey(bytes: pair.coseBytes() + [0]) == nil)
    }
}
