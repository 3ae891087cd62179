import FoundationEssentials
import Manifests

/// Where a manifest goes.
enum ManifestOutput {
    /// To its name in `folder`, which is made when it is missing; to stdout without a folder.
    static func write(_ manifest: ManifestFile, to folder: String?) throws {
        guard let folder else { return print(manifest.text, terminator: "") }
        try OutputFile.write(
            Data(manifest.text.utf8), to: URL(filePath: folder).appending(path: manifest.name), for: manifest.readers)
    }
}
