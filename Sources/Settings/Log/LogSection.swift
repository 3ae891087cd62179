/// `log`
enum LogSection {
    static let level = Key.defaulted("level", .choice(), LogSettings.Level.info, "The least severe level that is written.")
    static let format = Key.defaulted("format", .choice(), LogSettings.Format.json, "One JSON object a line, or text for people.")

    static let section = Section("log", [level.listed, format.listed]) { fields in
        LogSettings(level: fields(level), format: fields(format))
    }
}
