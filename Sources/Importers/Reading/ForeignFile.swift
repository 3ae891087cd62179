/// One of the files that are imported.
package struct ForeignFile: Sendable {
    /// As it was named on the command line.
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        (self.name, self.bytes) = (name, bytes)
    }

    /// The text, which is small enough and UTF-8.
    func text() throws(ImportProblem) -> String {
        guard bytes.count <= ForeignDocument.maximumBytes else {
            throw ImportProblem(text: "\(name): the file is larger than 1 MiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ImportProblem(text: "\(name): the file is not UTF-8")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }
}
