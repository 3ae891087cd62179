import ArgumentParser
import FoundationEssentials

/// Where a manifest goes.
enum ManifestOutput {
    /// To `name` in `folder`, which is made when it is missing; to stdout without a folder. A failure is said on stderr and
    /// ends with exit code 1; a file that is there stays whole.
    static func write(_ text: String, named name: String, to folder: String?) throws {
        guard let folder else { return print(text, terminator: "") }
        let file = URL(filePath: folder).appending(path: name)
        do {
            try FileManager.default.createDirectory(at: URL(filePath: folder), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file, options: .atomic)
        } catch {
            printError("\(file.path): cannot be written; give --out a folder that you may write to")
            throw ExitStatus.failed
        }
    }
}
