import ArgumentParser
import FoundationEssentials
import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that a command writes beside others.
enum OutputFile {
    /// A file that is there stays whole until the new one takes its place. A failure is said on stderr and ends with exit code 1.
    /// - Parameter folderReaders: who may look into folders that are missing, which are made.
    static func write(
        _ data: Data, to file: URL, for readers: ManifestFile.Readers,
        inFoldersFor folderReaders: ManifestFile.Readers = .everybody
    ) throws {
        do {
            try masking(folderReaders) {
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            }
            try masking(readers) { try data.write(to: file, options: .atomic) }
            guard let mode = mode(for: readers) else { return }
            try FileManager.default.setAttributes([.posixPermissions: Int(mode)], ofItemAtPath: file.path)
        } catch {
            printError("\(file.path): cannot be written; give --out a folder that you may write to")
            throw ExitStatus.failed
        }
    }

    /// Nobody else is to read what `body` makes, not even for a moment.
    private static func masking(_ readers: ManifestFile.Readers, _ body: () throws -> Void) rethrows {
        let mask = mode(for: readers).map { umask(~$0 & 0o077) }
        defer { if let mask { umask(mask) } }
        try body()
    }

    /// nil: as the process's umask has it.
    private static func mode(for readers: ManifestFile.Readers) -> mode_t? {
        switch readers {
        case .everybody: nil
        case .group: 0o640
        case .owner: 0o600
        }
    }
}
