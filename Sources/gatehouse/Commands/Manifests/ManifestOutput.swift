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
            // The gateway's user may be in our group; nobody else is to read it, not even for a moment.
            let mask = manifest.isPrivate ? umask(0o027) : nil
            defer { if let mask { umask(mask) } }
            try Data(manifest.text.utf8).write(to: file, options: .atomic)
            if manifest.isPrivate {
                try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
            }
        } catch {
            printError("\(file.path): cannot be written; give --out a folder that you may write to")
            throw ExitStatus.failed
        }
    }
}
