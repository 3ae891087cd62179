import Foundation
import FuzzTargets
import Testing

/// The targets of `make fuzz`, over their corpus and over what comes of it by damage that is the same in every run.
struct CorpusTests {
    /// Enough to break what is careless; the search for more is `make fuzz`'s.
    private static let mutations = 400

    private static func inputs(of target: FuzzTarget) throws -> [[UInt8]] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try Seeds.read(file: root.appendingPathComponent("Fuzzing/Corpus/\(target.name).txt").path)
    }

    @Test(arguments: FuzzTarget.all) func corpusKeepsEveryProperty(target: FuzzTarget) throws {
        let inputs = try Self.inputs(of: target)
        #expect(!inputs.isEmpty)
        for input in inputs { #expect(target.violation(of: input) == nil, "\(Seeds.line(input))") }
    }

    @Test(arguments: FuzzTarget.all) func damagedCorpusKeepsEveryProperty(target: FuzzTarget) throws {
        var mutation = Mutation(seed: 1, of: try Self.inputs(of: target), maximumBytes: target.maximumBytes)
        for _ in 0..<Self.mutations {
            let input = mutation.next()
            #expect(target.violation(of: input) == nil, "\(Seeds.line(input))")
        }
    }

    @Test func seedLinesAreReadAsTheyAreWritten() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-seeds-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        let inputs: [[UInt8]] = [[0, 10, 13, 35, 92, 127, 255], Array("a b\\x".utf8)]
        try Data(("# a remark\n" + inputs.map(Seeds.line).joined(separator: "\n")).utf8).write(to: file)
        #expect(try Seeds.read(file: file.path) == inputs)
    }
}
