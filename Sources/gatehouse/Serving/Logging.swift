import Logging
import Operations
import Settings

/// The program's log as the configuration wants it, on standard error.
enum Logs {
    static func start(_ settings: LogSettings) -> Logger {
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        let format: LineLogHandler.Format = settings.format == .json ? .json : .text
        LoggingSystem.bootstrap { LineLogHandler(label: $0, format: format, logLevel: level) }
        return Logger(label: "gatehouse")
    }
}
