import Mustache

/// A Mustache template of ours, whose `{{name}}` are escaped for HTML text and for attributes in double quotes.
package struct PageTemplate: Sendable {
    private let template: MustacheTemplate

    /// `source` is a literal of this module, and each is rendered by a test: one that does not parse never ships.
    init(_ source: String) {
        Self.registerEscaping
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(ByteEscaping.name)}}" + source)
        } catch {
            fatalError("a page template does not parse: \(error)")
        }
    }

    /// A template of a theme's: where it does not parse, the line and why.
    static func parsed(_ source: String) -> Result<PageTemplate, Fault> {
        registerEscaping
        do {
            let template = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(ByteEscaping.name)}}" + source)
            return .success(PageTemplate(template: template))
        } catch let error as MustacheTemplate.ParserError {
            return .failure(Fault(line: error.context.lineNumber, what: "\(error.error)"))
        } catch {
            return .failure(Fault(line: 1, what: "\(error)"))
        }
    }

    struct Fault: Error {
        let line: Int
        let what: String
    }

    private init(template: MustacheTemplate) { self.template = template }

    /// A name that `values` lacks renders as nothing, and its section not at all.
    func render(_ values: [String: Any]) -> String {
        template.render(values)
    }

    private static let registerEscaping: Void = MustacheContentTypes.register(ByteEscaping(), named: ByteEscaping.name)
}

/// Escapes byte by byte. The library's own way goes by Character, in which `"` and a combining accent behind it are one
/// that needs no escape, while a browser sees the `"` and ends the attribute.
private struct ByteEscaping: MustacheContentType {
    static let name = "PAGE"

    func escapeText(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
