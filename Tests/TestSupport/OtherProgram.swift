import CSpawn
import Foundation
import Glibc

/// Starts other programs. Foundation's `Process` lets whatever is started at the same moment inherit its descriptors, by one of
/// which it learns of an end: beside a server that stays, it then waits for ever.
package enum OtherProgram {
    package struct Outcome: Sendable {
        package var status: Int32
        package var output: String
        package var errors: String
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs `path` until it ends, with `input` (less than a pipe's buffer) to read; by default in the folder of this process.
    /// A program that a signal ends has that number, negative, as its status.
    package static func run(
        _ path: String, _ arguments: [String], in folder: String = ".", input: String = ""
    ) async throws -> Outcome {
        try await onAThread {
            let (stdin, stdout, stderr) = (try Pipe(), try Pipe(), try Pipe())
            let bytes = FileHandle(fileDescriptor: stdin.writing)
            try bytes.write(contentsOf: Data(input.utf8))
            try bytes.close()
            let id = try spawn(path, arguments, in: folder, [stdin.reading, stdout.writing, stderr.writing])
            for inherited in [stdin.reading, stdout.writing, stderr.writing] { close(inherited) }
            // What goes to one of the two is less than a pipe's buffer: one after the other cannot block.
            let (output, errors) = (all(of: stdout.reading), all(of: stderr.reading))
            return Outcome(status: ending(of: id), output: output, errors: errors)
        }
    }

    /// Starts a server that ends when its standard input does, which is when this process ends, however that ends. Returns the
    /// first line that it prints.
    package static func server(_ path: String, _ arguments: [String] = []) async throws -> String {
        try await onAThread {
            // The writing end of its input is never closed here.
            let (life, stdout) = (try Pipe(), try Pipe())
            _ = try spawn(path, arguments, in: ".", [life.reading, stdout.writing, STDERR_FILENO])
            for inherited in [life.reading, stdout.writing] { close(inherited) }
            defer { close(stdout.reading) }
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while read(stdout.reading, &byte, 1) == 1 {
                if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
            throw Failure(description: "\(path) ended before it had started")
        }
    }

    /// What blocks stays away from the few threads that the tests and Dispatch share.
    package static func onAThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
        }
    }
}

extension OtherProgram {
    /// Its ends are inherited by nobody.
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Failure(description: "no pipe: \(errno)") }
            (reading, writing) = (ends[0], ends[1])
        }
    }

    /// The process that was started, with `streams` as its standard input, output and error, and nothing else open.
    private static func spawn(_ path: String, _ arguments: [String], in folder: String, _ streams: [Int32]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in streams.enumerated() { posix_spawn_file_actions_adddup2(&actions, stream, Int32(number)) }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, folder)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        takeSignals(&attributes)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var id: pid_t = 0
        let error = posix_spawnp(&id, path, &actions, &attributes, &words, &variables)
        guard error == 0 else { throw Failure(description: "\(path) could not be started: \(String(cString: strerror(error)))") }
        return id
    }

    /// Dispatch's threads take none, and what they start would take none either.
    private static func takeSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    }

    private static func all(of descriptor: Int32) -> String {
        let bytes = try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readToEnd()
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }

    private static func ending(of id: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : -signal
    }
}
