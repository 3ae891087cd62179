package import Logging

/// Logs one JSON object a line: `time`, `level`, `label`, `message`, then the metadata, flat and ordered by name.
package struct JSONLogHandler: LogHandler {
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
        line.append(UInt8(ascii: "{"))
        JSONText.writeName("time", to: &line)
        line.append(UInt8(ascii: "\""))
        now().write(to: &line)
        line.append(UInt8(ascii: "\""))
        Self.write("level", event.level.rawValue, to: &line)
        Self.write("label", label, to: &line)
        Self.write("message", event.message.description, to: &line)
        if let error = event.error { Self.write("error", String(describing: error), to: &line) }
        for field in LogFields.flat(metadata, metadataProvider?.get(), event.metadata) {
            JSONText.writeName(field.name, to: &line)
            Self.write(field.value, to: &line)
        }
        line.append(UInt8(ascii: "}"))
        line.append(UInt8(ascii: "\n"))
        sink(line)
    }

    private static func write(_ name: String, _ value: String, to line: inout [UInt8]) {
        JSONText.writeName(name, to: &line)
        JSONText.write(value, to: &line)
    }

    private static func write(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
        switch value {
        case .string(let text): JSONText.write(text, to: &line)
        case .stringConvertible(let value): JSONText.write(value.description, to: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                write(value, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let members):
            line.append(UInt8(ascii: "{"))
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                JSONText.writeName(name, to: &line)
                write(value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }
}
