import ArgumentParser
import FoundationEssentials
import Importers
import Manifests

/// Reads what is imported and writes what became of it. Failures are said on stderr and end with exit code 1.
enum ImportOutput {
    static func write(_ options: ImportOptions, _ run: ([UInt8]) throws(ImportProblem) -> Import) throws {
        try write(options.out, of: options.file) { () throws(ImportProblem) in
            let file = try read(options.file)
            do throws(ImportProblem) { return try run(file.bytes) } catch {
                throw ImportProblem(text: "\(file.name): \(error.text)")
            }
        }
    }

    /// `file` is the one that remarks are about which name no other.
    static func write(_ out: String?, of file: String, _ run: () throws(ImportProblem) -> Import) throws {
        let result: Import
        do throws(ImportProblem) { result = try run() } catch {
            printError(visible(error.text))
            throw ExitStatus.failed
        }
        let text = YAMLWriter.text(result.configuration)
        if let out {
            try write(Import.File(path: URL(filePath: out).lastPathComponent, bytes: Array(text.utf8)), result.files, beside: out)
        } else {
            print(text, terminator: "")
            for file in result.files { printError("not written without --out: \(file.path)") }
        }
        for remark in result.remarks { printError(line(remark, file)) }
        if let out { printError("written; now run `gatehouse config check \(out)`") }
    }

    static func read(_ path: String) throws(ImportProblem) -> ForeignFile {
        do { return ForeignFile(name: path, bytes: Array(try Data(contentsOf: URL(filePath: path)))) } catch {
            throw ImportProblem(text: "\(path): cannot be read")
        }
    }

    static func read(_ paths: [String]) throws(ImportProblem) -> [ForeignFile] {
        var files: [ForeignFile] = []
        for path in paths { files.append(try read(path)) }
        return files
    }

    private static func line(_ remark: Remark, _ file: String) -> String {
        let file = remark.file ?? file
        let place = remark.line.map { "\(file):\($0)" } ?? file
        return visible("\(place): \(remark.weight.word): \(remark.place): \(remark.text)")
    }

    /// Names and values of somebody else's file as they may be printed: without control characters, and not endless.
    private static func visible(_ text: String) -> String {
        let limit = 1000
        let scalars = text.unicodeScalars.prefix(limit).map { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7f...0x9f, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f: Character("?")
            default: Character(scalar)
            }
        }
        return String(scalars) + (text.unicodeScalars.count > limit ? "…" : "")
    }

    /// Nothing that is there is written over, and nothing is written if anything of it is there.
    private static func write(_ configuration: Import.File, _ others: [Import.File], beside out: String) throws {
        let folder = URL(filePath: out).deletingLastPathComponent()
        let files = ([configuration] + others).map { (folder.appending(path: $0.path), $0.bytes) }
        if let (there, _) = files.first(where: { FileManager.default.fileExists(atPath: $0.0.path) }) {
            printError("\(there.path): is there already; give --out another name, or remove it")
            throw ExitStatus.failed
        }
        for (file, bytes) in files { try OutputFile.write(Data(bytes), to: file, for: .owner, inFoldersFor: .owner) }
    }
}

extension Remark.Weight {
    fileprivate var word: String {
        switch self {
        case .note: "note"
        case .lost: "not carried over"
        case .todo: "to do"
        }
    }
}
