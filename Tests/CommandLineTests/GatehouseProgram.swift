import Foundation
import TestSupport

/// The built program, as users run it.
enum GatehouseProgram {
    /// Runs the program in a folder until it ends. `input` is less than a pipe's buffer.
    static func run(
        _ arguments: [String], in folder: URL = URL(filePath: "/tmp"), input: String = ""
    ) async throws -> OtherProgram.Outcome {
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "gatehouse")
        return try await OtherProgram.run(program.path, arguments, in: folder.path, input: input)
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
