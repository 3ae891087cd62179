import Logging

/// For people: `2026-01-31T23:59:59.123Z INFO  label: message name=value other="with blanks"`.
enum TextLogFormat {
    static func write(_ entry: LogEntry, to line: inout [UInt8]) {
        entry.time.write(to: &line)
        line.append(UInt8(ascii: " "))
        let level = entry.level.rawValue.uppercased()
        line.append(contentsOf: level.utf8)
        line.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(1, 6 - level.utf8.count)))
        line.append(contentsOf: entry.label.utf8)
        line.append(contentsOf: ": ".utf8)
        line.append(contentsOf: oneLine(entry.message))
        if let error = entry.error { write("error", error, to: &line) }
        for field in entry.fields { write(field.name, field.value.description, to: &line) }
    }

    private static func write(_ name: String, _ value: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: " "))
        line.append(contentsOf: oneLine(name))
        line.append(UInt8(ascii: "="))
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") }
        if isPlain { line.append(contentsOf: value.utf8) } else { JSONText.write(value, to: &line) }
    }

    /// The text with the escapes of JSON, so that it stays on its line, but without its quotes.
    private static func oneLine(_ text: String) -> ArraySlice<UInt8> {
        let isPlain = text.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
        guard !isPlain else { return ArraySlice(text.utf8) }
        var quoted: [UInt8] = []
        JSONText.write(text, to: &quoted)
        return quoted.dropFirst().dropLast()
    }
}
