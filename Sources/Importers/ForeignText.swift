import Foundation
import Manifests
import Settings
import Web

/// Readings of texts that other programs' files share.
enum ForeignText {
    /// The name of the variable where the whole text is one: `$NAME`, `${NAME}`, or the templates of container images,
    /// `{{ .Env.NAME }}` and `{{ getenv "NAME" }}`.
    static func variable(_ text: String) -> String? {
        for (start, end) in [("${", "}"), ("$", ""), ("{{.Env.", "}}"), ("{{getenv\"", "\"}}")] {
            let packed = text.filter { $0 != " " }
            guard packed.hasPrefix(start), packed.hasSuffix(end) else { continue }
            let name = packed.dropFirst(start.count).dropLast(end.count)
            if !name.isEmpty, name.utf8.allSatisfy(isNamePart) { return String(name) }
        }
        return nil
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Part of a URL without its percent escapes; as it stands where they are none.
    static func decoded(_ text: some StringProtocol) -> String {
        PercentEncoding.decode(text.utf8).flatMap { String(validating: $0, as: UTF8.self) } ?? String(text)
    }

    /// A name for a file, of letters, digits, `.`, `-` and `_`.
    static func fileName(_ text: String) -> String {
        let name = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
        return name.isEmpty || name.hasPrefix(".") ? "file" + name : name
    }
}

extension ForeignValue {
    /// Our duration within our bounds; told where it had to be changed.
    func duration(_ key: String, _ bounds: ClosedRange<Int64>) -> YAMLValue? {
        guard let value = take(key), let text = value.text else { return nil }
        guard let seconds = GoDuration.seconds(text) else {
            value.say(.lost, "`\(text)` is not a duration")
            return nil
        }
        return .string(Configuration.durationText(value.nearest(seconds, in: bounds)))
    }

    /// One of some words; told where it is another.
    func word(_ key: String, of words: [String]) -> String? {
        guard let value = take(key), let text = value.text, !text.isEmpty else { return nil }
        if words.contains(text) { return text }
        value.say(.lost, "there is no such value")
        return nil
    }

    /// Seconds as a number alone; told where it is none.
    var seconds: Int64? {
        guard let text else { return nil }
        let seconds = Int64(text)
        if seconds == nil { say(.lost, "`\(text)` is no number of seconds") }
        return seconds
    }

    /// The nearest that is within our bounds; told where that is another.
    func nearest(_ seconds: Int64, in bounds: ClosedRange<Int64>) -> Int64 {
        let bounded = min(max(seconds, bounds.lowerBound), bounds.upperBound)
        if bounded != seconds { say(.note, "`\(scalar ?? "")` became the nearest that is possible here") }
        return bounded
    }

    /// A secret: from the environment where it was there before, else in a file of its own.
    func secret(_ key: String, file: String) -> YAMLValue? {
        guard let value = take(key), let text = value.text, !text.isEmpty else { return nil }
        if let name = value.variable() { return entries(("env", .string(name))) }
        if value.source.hasVariables, text.contains("{{") || text.contains("${") {
            value.say(.todo, "put the secret into \(file): what stood here is made of other texts")
        }
        return entries(("file", report.file("secrets/" + ForeignText.fileName(file), Array(text.utf8))))
    }
}

enum Base64Text {
    /// nil where it is none.
    static func decode(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text, options: .ignoreUnknownCharacters).map { Array($0) }
    }
}
