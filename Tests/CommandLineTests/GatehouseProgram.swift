import Dispatch
import Foundation

/// The built program, as users run it.
enum GatehouseProgram {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// One after the other, and on no thread of the tasks': a few programs would hold up every other test.
    private static let queue = DispatchQueue(label: "programs")

    /// Runs the program in a folder until it ends. `input` is less than a pipe's buffer.
    static func run(
        _ arguments: [String], in folder: URL = URL(filePath: "/tmp"), input: String? = nil
    ) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try runHere(arguments, in: folder, input: input) }) }
        }
    }

    private static func runHere(_ arguments: [String], in folder: URL, input: String?) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "gatehouse")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        if let input {
            let pipe = Pipe()
            process.standardInput = pipe
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try pipe.fileHandleForWriting.close()
        }
        try process.run()
        // The texts are smaller than a pipe's buffer or go to standard output alone: one after the other cannot block.
        let outputBytes = try output.fileHandleForReading.readToEnd() ?? Data()
        let errorBytes = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: outputBytes, as: UTF8.self),
            errors: String(decoding: errorBytes, as: UTF8.self))
    }

    /// Calls `body` with a new folder that holds files of these names and texts, mode 0600.
    static func withFolder<Value>(_ files: [String: String], _ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            let path = folder.appending(path: name).path
            _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: attributes)
        }
        return try await body(folder)
    }
}
