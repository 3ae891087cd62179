import Logging
import Operations
import Settings

/// The program's log as the configuration wants it, on standard error.
enum Logs {
    static func start(_ settings: LogSettings) -> Logger {
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        LoggingSystem.bootstrap { label in handler(label, settings.format, level) }
        return Logger(label: "gatehouse")
    }

    private static func handler(_ label: String, _ format: LogSettings.Format, _ level: Logger.Level) -> any LogHandler {
        switch format {
        case .json:
            var handler = JSONLogHandler(label: label)
            handler.logLevel = level
            return handler
        case .text:
            var handler = TextLogHandler(label: label)
            handler.logLevel = level
            return handler
        }
    }
}
