package import Logging

/// Logs one line an event, in one of two forms.
package struct LineLogHandler: LogHandler {
    package enum Format: Sendable {
        /// One JSON object a line.
        case json
        /// For people.
        case text
    }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: Format
    private let now: @Sendable () -> Timestamp
    private let sink: LogSink

    package init(
        label: String, format: Format, logLevel: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> Timestamp = Timestamp.now, sink: @escaping LogSink = StandardError.write
    ) {
        self.label = label
        self.format = format
        self.logLevel = logLevel
        self.metadataProvider = metadataProvider
        self.now = now
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let entry = LogEntry(
            time: now(), level: event.level, label: label, message: event.message.description,
            error: event.error.map { String(describing: $0) },
            fields: LogFields.flat(metadata, metadataProvider?.get(), event.metadata))
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch format {
        case .json: JSONLogFormat.write(entry, to: &line)
        case .text: TextLogFormat.write(entry, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        sink(line)
    }
}

/// One event with everything that its line says.
struct LogEntry {
    let time: Timestamp
    let level: Logger.Level
    let label: String
    let message: String
    let error: String?
    /// Flat and ordered by name.
    let fields: [(name: String, value: Logger.MetadataValue)]
}
