#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a configuration is read from: files and environment variables. Passed in, so that a reading depends on nothing else.
package struct ConfigurationSources: Sendable {
    package struct File: Sendable {
        package var bytes: [UInt8]
        /// The permission bits, `0o777` of them.
        package var mode: UInt32

        package init(bytes: [UInt8], mode: UInt32) {
            self.bytes = bytes
            self.mode = mode
        }
    }

    /// Why a file cannot be read, in the system's words.
    package struct Failure: Error {
        package var reason: String

        package init(reason: String) {
            self.reason = reason
        }
    }

    /// At most `limit` + 1 bytes of the file at a path: one more than allowed tells that there are more.
    package var file: @Sendable (_ path: String, _ limit: Int) throws(Failure) -> File
    package var variable: @Sendable (_ name: String) -> String?

    package init(
        file: @escaping @Sendable (_ path: String, _ limit: Int) throws(Failure) -> File,
        variable: @escaping @Sendable (_ name: String) -> String?
    ) {
        self.file = file
        self.variable = variable
    }

    /// Nothing to read from.
    static let none = ConfigurationSources(
        file: { (_, _) throws(Failure) in throw Failure(reason: "no files here") }, variable: { _ in nil })

    /// The files and the environment of this process.
    package static let process = ConfigurationSources(
        file: { (path, limit) throws(Failure) in try readFile(path, limit) },
        variable: { name in getenv(name).map { String(cString: $0) } })
}

private func readFile(_ path: String, _ limit: Int) throws(ConfigurationSources.Failure) -> ConfigurationSources.File {
    // Not blocking on a pipe that somebody put there: such a file is refused below.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw systemFailure() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemFailure() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw ConfigurationSources.Failure(reason: "not a regular file") }
    let bytes = try readAll(descriptor, limit)
    return ConfigurationSources.File(bytes: bytes, mode: UInt32(status.st_mode & 0o777) & ~ourGroup(status))
}

/// The bit that lets the group read, where that is how we read the file: Kubernetes hands out secrets so, as files of root.
private func ourGroup(_ status: stat) -> UInt32 {
    return geteuid() != 0 && status.st_uid == 0 ? 0o040 : 0
}

private func readAll(_ descriptor: Int32, _ limit: Int) throws(ConfigurationSources.Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while bytes.count <= limit {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw systemFailure() }
        if count == 0 { break }
        bytes.append(contentsOf: buffer[..<count])
    }
    return Array(bytes.prefix(limit + 1))
}

private func systemFailure() -> ConfigurationSources.Failure {
    let number = errno
    var text = [CChar](repeating: 0, count: 256)
    return strerror_r(number, &text, text.count) == 0
        ? ConfigurationSources.Failure(
            reason: String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        : ConfigurationSources.Failure(reason: "error \(number)")
}
