import Yams

/// A text with places that stand for parts of a request, such as `{tenant}` or `{path.2}`.
package struct RequestTemplate: Sendable, Hashable {
    package enum Piece: Sendable, Hashable {
        case text(String)
        case tenant
        /// The segment of the path with this number, from 1 on.
        case segment(Int)
        case path
        case method
        case verb
    }

    package var pieces: [Piece]

    var namesTenant: Bool { pieces.contains(.tenant) }

    static let verb = RequestTemplate(pieces: [.verb])

    static let shape = Shape<String>.text().then { text, node, reading -> RequestTemplate? in
        if let template = parse(text) { return template }
        return reading.refuse(
            "\(quoted(text)) has a brace that is no place of a request",
            "the places are `{tenant}`, `{path.1}` and further segments, `{path}`, `{method}` and `{verb}`", node)
    }

    private static func parse(_ text: String) -> RequestTemplate? {
        var pieces: [Piece] = []
        var rest = text[...]
        while !rest.isEmpty {
            let plain = rest.prefix { $0 != "{" && $0 != "}" }
            if !plain.isEmpty { pieces.append(.text(String(plain))) }
            rest = rest[plain.endIndex...]
            guard let brace = rest.first else { break }
            guard brace == "{", let end = rest.firstIndex(of: "}"), let piece = place(rest[..<end].dropFirst()) else {
                return nil
            }
            pieces.append(piece)
            rest = rest[end...].dropFirst()
        }
        return RequestTemplate(pieces: pieces)
    }

    private static func place(_ name: Substring) -> Piece? {
        switch name {
        case "tenant": return .tenant
        case "path": return .path
        case "method": return .method
        case "verb": return .verb
        default:
            let digits = name.dropFirst("path.".count)
            guard name.hasPrefix("path."), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...32).contains(number)
            else { return nil }
            return .segment(number)
        }
    }
}
