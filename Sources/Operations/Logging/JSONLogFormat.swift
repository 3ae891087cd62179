import Logging

/// One JSON object: `time`, `level`, `label`, `message`, then the metadata, flat and ordered by name.
enum JSONLogFormat {
    static func write(_ entry: LogEntry, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "{"))
        JSONText.writeName("time", to: &line)
        line.append(UInt8(ascii: "\""))
        entry.time.write(to: &line)
        line.append(UInt8(ascii: "\""))
        write("level", entry.level.rawValue, to: &line)
        write("label", entry.label, to: &line)
        write("message", entry.message, to: &line)
        if let error = entry.error { write("error", error, to: &line) }
        for field in entry.fields {
            JSONText.writeName(field.name, to: &line)
            write(field.value, to: &line)
        }
        line.append(UInt8(ascii: "}"))
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
