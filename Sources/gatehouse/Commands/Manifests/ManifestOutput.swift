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

/// Where a manifest goes.
enum ManifestOutput {
    /// To its name in `folder`, which is made when it is missing; to stdout without a folder. A failure is said on stderr and
    /// ends with exit code 1; a file that is there stays whole.
    static func write(_ manifest: ManifestFile, to folder: String?) throws {
        guard let folder else { return print(manifest.text, terminator: "") }
        let file = URL(filePath: folder).appending(path: manifest.name)
        do {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            // Nobody else is to read it, not even for a moment.
            let mode = permissions(for: manifest.readers)
            let mask = mode.map { umask(~$0 & 0o777) }
            defer { if let mask { umask(mask) } }
            try Data(manifest.text.utf8).write(to: file, options: .atomic)
            if let mode { try FileManager.default.setAttributes([.posixPermissions: Int(mode)], ofItemAtPath: file.path) }
        } catch {
            printError("\(file.path): cannot be written; give --out a folder that you may write to")
            throw ExitStatus.failed
        }
    }

    /// nil: as the process's umask has it.
    private static func permissions(for readers: ManifestFile.Readers) -> mode_t? {
        switch readers {
        case .everybody: nil
        case .group: 0o640
        case .owner: 0o600
        }
    }
}
