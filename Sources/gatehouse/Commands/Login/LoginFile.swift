import JOSE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file that keeps logins: `gatehouse/logins.json` below `$XDG_DATA_HOME` (`~/.local/share`), for its owner's eyes only. One process at a
/// time reads and writes it, since a refresh token that two use at once counts as stolen.
struct LoginFile {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let folder: String
    private let lock: CInt

    private var path: String { folder + "/logins.json" }
    private static let maximumBytes = 1 << 20

    /// Runs `body` with the file to itself.
    static func withLock<Value>(_ body: (LoginFile) async throws -> Value) async throws -> Value {
        let file = try LoginFile()
        defer { close(file.lock) }
        return try await body(file)
    }

    private init() throws {
        folder = try Self.folder()
        try Self.makeFolders(folder)
        lock = open(folder + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw Self.failure("cannot lock", folder) }
    }

    private static func folder() throws -> String {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }
        if let data = variable("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/gatehouse" }
        guard let home = variable("HOME") else { throw Failure(description: "neither XDG_DATA_HOME nor HOME is set") }
        return home + "/.local/share/gatehouse"
    }

    private static func makeFolders(_ path: String) throws {
        var built = ""
        for part in path.split(separator: "/") {
            built += "/" + part
            guard mkdir(built, 0o700) == 0 || errno == EEXIST else { throw failure("cannot make", built) }
        }
    }

    private static func failure(_ what: String, _ path: String) -> Failure {
        Failure(description: "\(what) \(path): \(String(cString: strerror(errno)))")
    }

    /// The newest first; none where there is no file.
    func logins() throws -> [Login] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw Self.failure("cannot read", path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while bytes.count <= Self.maximumBytes {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw Self.failure("cannot read", path) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard let all = (try? JSONReader.read(bytes))?.array else {
            throw Failure(description: "\(path) is damaged; remove it and log in again")
        }
        return all.compactMap(Login.init(json:))
    }

    /// Puts `login` first, in place of what was there for its issuer and client. Whoever looks finds the old file or the new one.
    func save(_ login: Login) throws {
        let others = try logins().filter { !$0.isOf(issuer: login.issuer, client: login.clientID) }
        let bytes = JSONValue.array(([login] + others.prefix(50)).map(\.json)).jsonBytes
        let fresh = path + ".new"
        unlink(fresh)
        let descriptor = open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("cannot write", fresh) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Self.failure("cannot write", fresh) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0, rename(fresh, path) == 0 else { throw Self.failure("cannot write", path) }
    }
}
