#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
import Synchronization

/// A file of e-mail addresses, one a line; `#` begins a remark. Read again when it has changed.
package final class EmailFile: Sendable {
    package struct Unreadable: Error, Sendable {
        /// For the log.
        package let detail: String
    }

    private struct Stamp: Equatable {
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    private static let maximumBytes = 16 << 20

    private let path: String
    private let held = Mutex<(stamp: Stamp, addresses: Set<String>)?>(nil)

    package init(path: String) { self.path = path }

    /// Whether the file has the address; letters' case does not count.
    package func contains(_ address: String) throws(Unreadable) -> Bool {
        let stamp = try stamp()
        let known = held.withLock { $0?.stamp == stamp ? $0?.addresses : nil }
        if let known { return known.contains(address.lowercased()) }
        let addresses = Self.addresses(try bytes())
        held.withLock { $0 = (stamp, addresses) }
        return addresses.contains(address.lowercased())
    }

    private static func addresses(_ bytes: [UInt8]) -> Set<String> {
        let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
        return Set(
            lines.compactMap { line in
                let text = line.prefix { $0 != UInt8(ascii: "#") }.filter { $0 != 0x20 && $0 != 0x09 }
                return text.isEmpty ? nil : String(decoding: text, as: UTF8.self).lowercased()
            })
    }

    private func stamp() throws(Unreadable) -> Stamp {
        var status = stat()
        guard stat(path, &status) == 0 else { throw unreadable }
        return Stamp(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: Int(status.st_mtim.tv_sec),
            nanoseconds: Int(status.st_mtim.tv_nsec))
    }

    private func bytes() throws(Unreadable) -> [UInt8] {
        // Not blocking on a pipe that somebody put there: reading it then gives nothing.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while bytes.count <= Self.maximumBytes {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unreadable }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
        throw Unreadable(detail: "the e-mail file \(path) is larger than 16 MiB")
    }

    private var unreadable: Unreadable { Unreadable(detail: "the e-mail file \(path) cannot be read (error \(errno))") }
}
