package import Logging

/// Logs for people: `2026-01-31T23:59:59.123Z INFO  label: message name=value other="with blanks"`.
package struct TextLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let now: @Sendable () -> Timestamp
    private let sink: LogSink

    package init(
        label: String, metadataProvider: Logger.MetadataProvider? = nil, now: @escaping @Sendable () -> Timestamp = Timestamp.now,
        sink: @escaping LogSink = StandardError.write
    ) {
        self.label = label
        self.metadataProvider = metadataProvider
        self.now = now
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        now().write(to: &line)
        line.append(UInt8(ascii: " "))
        let level = event.level.rawValue.uppercased()
        line.append(contentsOf: level.utf8)
        line.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(1, 6 - level.utf8.count)))
        line.append(contentsOf: label.utf8)
        line.append(contentsOf: ": ".utf8)
        line.append(contentsOf: Self.oneLine(event.message.description))
        if let error = event.error { Self.write("error", String(describing: error), to: &line) }
        for field in LogFields.flat(metadata, metadataProvider?.get(), event.metadata) {
            Self.write(field.name, field.value.description, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        sink(line)
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
