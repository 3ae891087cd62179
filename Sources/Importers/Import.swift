package import Manifests

/// What became of another program's configuration: ours, files that it names, and what is said about it.
package struct Import: Sendable {
    /// A file beside the configuration: a secret, or a certificate that stood in the other's file.
    package struct File: Sendable, Equatable {
        /// Below the configuration's folder.
        package var path: String
        package var bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    package var configuration: YAMLValue
    package var files: [File]
    package var remarks: [Remark]
}

/// Something that was not carried over as it was, with the reason and what to do.
package struct Remark: Sendable, Hashable {
    package enum Weight: String, Sendable {
        /// It works otherwise here; nothing has to be done.
        case note
        /// It is missing in what was written.
        case lost
        /// What was written does not do its work before somebody has seen to this.
        case todo
    }

    package var weight: Weight
    /// Where it stood: `connectors[0].config.rootCA`, and the line.
    package var place: String
    /// nil: the only file that was read.
    package var file: String?
    package var line: Int?
    package var text: String
}

/// Collects what an import finds.
final class ImportReport {
    private(set) var remarks: [Remark] = []
    /// What is read twice is told once.
    private var said: Set<Remark> = []
    private(set) var files: [Import.File] = []

    func say(_ weight: Remark.Weight, _ place: String, file: String? = nil, line: Int? = nil, _ text: String) {
        let remark = Remark(weight: weight, place: place, file: file, line: line, text: text)
        if said.insert(remark).inserted { remarks.append(remark) }
    }

    /// What another import has found.
    func add(_ other: Import, file: String) {
        remarks += other.remarks.map { remark in
            var remark = remark
            remark.file = file
            return remark
        }
        files += other.files
    }

    /// The path of a new file with these bytes.
    func file(_ path: String, _ bytes: [UInt8]) -> YAMLValue {
        let path = unused(path)
        files.append(Import.File(path: path, bytes: bytes))
        return .string(path)
    }

    private func unused(_ path: String) -> String {
        var (candidate, number) = (path, 2)
        while files.contains(where: { $0.path == candidate }) { (candidate, number) = ("\(path)-\(number)", number + 1) }
        return candidate
    }
}
