/// One file of a gateway's configuration.
package struct ManifestFile: Sendable, Equatable {
    package let name: String
    package let text: String
    package let readers: Readers

    /// Who may read it.
    package enum Readers: Sendable {
        case everybody
        /// With the proxy's secret: the gateway's user may be in our group.
        case group
        /// With the secrets of Gatehouse itself.
        case owner
    }

    package init(name: String, text: String, readers: Readers = .everybody) {
        self.name = name
        self.text = text
        self.readers = readers
    }

    package init(name: String, text: String, isPrivate: Bool) {
        self.init(name: name, text: text, readers: isPrivate ? .group : .everybody)
    }

    package var isPrivate: Bool { readers != .everybody }
}

/// Lines of a configuration language that is indented for people only.
struct ConfigurationText {
    private(set) var text = ""
    private var depth = 0
    private let indent: String
    private let comment = "# "

    init(indent: String) { self.indent = indent }

    mutating func line(_ line: String, note: String? = nil) {
        for part in note?.split(separator: "\n") ?? [] { write(comment + part) }
        write(line)
    }

    mutating func note(_ note: String) {
        for part in note.split(separator: "\n") { write(comment + part) }
    }

    mutating func blank() { text += "\n" }

    /// A block: `opening`, what `content` writes one level deeper, `closing` unless it is nil.
    mutating func block(
        _ opening: String, closing: String? = "}", note: String? = nil, _ content: (inout ConfigurationText) -> Void
    ) {
        line(opening, note: note)
        depth += 1
        content(&self)
        depth -= 1
        if let closing { write(closing) }
    }

    private mutating func write(_ line: some StringProtocol) {
        text += String(repeating: indent, count: depth) + line + "\n"
    }

    /// The line at the top of every file.
    static func origin(_ gateway: String, command: String) -> String {
        """
        \(gateway) in front of Gatehouse, written by `gatehouse manifests \(command)`. Change the Gatehouse configuration and
        write it anew rather than editing this file: its header lists must agree with what Gatehouse sends.
        """
    }
}
