import ArgumentParser
import JOSE
import Settings

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `gatehouse demo`: serve with the demo's settings built in. Keeps its files below the working directory.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run both roles with the demo's settings (see `make demo`).")

    func run() async throws {
        for file in Demo.keyFiles { try Self.makeKey(at: file) }
        try await serve(reportingProblems { () throws(ConfigurationErrors) in try Demo.load() })
    }

    /// Writes 32 random bytes as hexadecimal digits, readable by the owner only; a file that is there stays.
    private static func makeKey(at path: String) throws {
        makeFolders(of: path)
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw StartFailure(description: "cannot write \(path)") }
            return
        }
        defer { close(descriptor) }
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in Randomness.system.bytes(32) { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        text.append(UInt8(ascii: "\n"))
        guard write(descriptor, text, text.count) == text.count else {
            throw StartFailure(description: "cannot write \(path)")
        }
    }

    private static func makeFolders(of path: String) {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += folder.isEmpty ? String(part) : "/\(part)"
            mkdir(folder, 0o700)
        }
    }
}
