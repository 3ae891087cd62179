/// Regular expressions for paths, as other programs have them, said as our patterns, which open nothing more: beyond the expression
/// a pattern takes only `/x` itself for `^/x/`, and it falls short of it by `/xy` for `^/x`.
package enum PathRegex {
    private enum Token: Equatable {
        case literal(Character)
        /// `.*`
        case anything
        /// `.+`
        case something
        /// `[^/]*`
        case segment
        /// `[^/]+`
        case name
    }

    /// Several where the expression has alternatives; nil where it says something that patterns cannot.
    package static func patterns(_ expression: String) -> [String]? {
        guard expression.count <= mostCharacters, isFlat(expression), let alternatives = expand(expression[...]),
            !alternatives.isEmpty
        else { return nil }
        let patterns = alternatives.map(pattern)
        guard patterns.allSatisfy({ $0 != nil }) else { return nil }
        return patterns.compactMap { $0 }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    // Alternatives.

    private static let most = 32
    private static let mostCharacters = 1000
    private static let deepest = 8

    /// Whether groups stand in groups only as often as people write them.
    private static func isFlat(_ expression: String) -> Bool {
        var depth = 0
        for index in plainIndices(expression[...]) {
            if expression[index] == "(" { depth += 1 }
            if expression[index] == ")" { depth -= 1 }
            if depth > deepest { return false }
        }
        return true
    }

    /// Every alternative of `(a|b)`, `x?` and a top-level `|`, each without a group; anchors stay.
    private static func expand(_ text: Substring) -> [String]? {
        let parts = split(text)
        if parts.count > 1 {
            let all = parts.map(expand)
            guard all.allSatisfy({ $0 != nil }) else { return nil }
            return limited(all.flatMap { $0 ?? [] })
        }
        guard let open = firstGroup(text) else { return [String(text)] }
        guard let close = end(of: open, in: text) else { return nil }
        var inner = text[text.index(after: open)..<close]
        if inner.hasPrefix("?:") { inner = inner.dropFirst(2) } else if inner.hasPrefix("?") { return nil }
        var rest = text[text.index(after: close)...]
        let isOptional = rest.first == "?"
        if isOptional { rest = rest.dropFirst() }
        if let repeated = rest.first, "*+{".contains(repeated) { return nil }
        guard let middles = expand(inner), let ends = expand(rest) else { return nil }
        let head = text[..<open]
        return limited((middles + (isOptional ? [""] : [])).flatMap { middle in ends.map { "\(head)\(middle)\($0)" } })
    }

    private static func limited(_ all: [String]) -> [String]? { all.count <= most ? all : nil }

    /// By `|` outside of groups.
    private static func split(_ text: Substring) -> [Substring] {
        var (parts, start, depth) = ([Substring](), text.startIndex, 0)
        for index in plainIndices(text) {
            switch text[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case "|" where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return parts + [text[start...]]
    }

    private static func firstGroup(_ text: Substring) -> Substring.Index? { plainIndices(text).first { text[$0] == "(" } }

    private static func end(of open: Substring.Index, in text: Substring) -> Substring.Index? {
        var depth = 0
        for index in plainIndices(text[open...]) {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// Those of characters that are neither escaped nor within brackets.
    private static func plainIndices(_ text: Substring) -> [Substring.Index] {
        var (indices, isEscaped, isInBrackets) = ([Substring.Index](), false, false)
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if isInBrackets {
                isInBrackets = character != "]"
            } else {
                isInBrackets = character == "["
                if !isInBrackets { indices.append(index) }
            }
        }
        return indices
    }
}

extension PathRegex {
    /// One alternative as a pattern.
    private static func pattern(_ alternative: String) -> String? {
        var text = alternative[...]
        let isFromStart = text.hasPrefix("^")
        if isFromStart { text = text.dropFirst() }
        let isToEnd = text.hasSuffix("$") && !text.hasSuffix("\\$")
        if isToEnd { text = text.dropLast() }
        guard var tokens = tokens(text) else { return nil }
        if !isFromStart, tokens.first != .anything { tokens.insert(.anything, at: 0) }
        if !isToEnd, tokens.last != .anything, tokens.last != .something { tokens.append(.anything) }
        return joined(tokens)
    }

    private static func tokens(_ text: Substring) -> [Token]? {
        var (tokens, rest) = ([Token](), text)
        while let next = rest.popFirst() {
            if next == "\\" {
                guard let escaped = rest.popFirst(), !escaped.isLetter, !escaped.isNumber else { return nil }
                tokens.append(.literal(escaped))
            } else if next == ".", let sign = rest.first, sign == "*" || sign == "+" {
                rest = rest.dropFirst()
                tokens.append(sign == "*" ? .anything : .something)
            } else if next == "[", rest.hasPrefix("^/]*") || rest.hasPrefix("^/]+") {
                tokens.append(rest.hasPrefix("^/]*") ? .segment : .name)
                rest = rest.dropFirst(4)
            } else if "[](){}^$|?+*".contains(next) {
                return nil
            } else {
                tokens.append(.literal(next))
            }
            if let sign = rest.first, "?+*{".contains(sign) { return nil }
        }
        return tokens
    }

    /// Segment by segment.
    private static func joined(_ tokens: [Token]) -> String? {
        var tokens = tokens[...]
        // `.*/x` is any number of segments, and then `/x`.
        var segments: [String] = []
        if tokens.first == .anything {
            guard tokens.count > 1 else { return "/*" }
            segments.append("**")
            tokens = tokens.dropFirst()
            if tokens.first != .literal("/") {
                // What ends so: `\.css$`.
                guard tokens.last != .anything, let end = literal(tokens), !end.contains("/") else { return nil }
                return "/**/*" + end
            }
        }
        guard tokens.first == .literal("/") else { return nil }
        let needsMore = tokens.last == .something
        let isBelow = tokens.last == .anything || needsMore
        if isBelow { tokens = tokens.dropLast() }
        for part in tokens.dropFirst().split(separator: .literal("/"), omittingEmptySubsequences: false) {
            guard let names = names(part) else { return nil }
            segments += names
        }
        if isBelow, segments.last == "" { segments.removeLast() }
        // `/x/*/*` is what is below `/x`, without itself.
        if needsMore { segments.append("*") }
        // At the end `*` is everything below, not one segment.
        guard isBelow || segments.last != "*" else { return nil }
        guard !segments.dropLast().contains(""), segments.filter({ $0 == "**" }).count < 2 else { return nil }
        return "/" + (segments + (isBelow ? ["*"] : [])).joined(separator: "/")
    }

    private static func names(_ part: ArraySlice<Token>) -> [String]? {
        if let text = literal(part) { return [text] }
        guard let end = literal(part.dropFirst()) else { return nil }
        switch part.first {
        case .segment: return ["*" + end]
        // `*.css` is `.css`, too.
        case .name: return end.isEmpty ? ["*"] : nil
        // `/x/.*\.css`: below `/x/`, in any folder. Between two slashes there is one segment or more.
        case .anything: return end.isEmpty ? ["*", "**"] : ["**", "*" + end]
        case .something: return end.isEmpty ? ["*", "**"] : nil
        case .literal, nil: return nil
        }
    }

    private static func literal(_ part: ArraySlice<Token>) -> String? {
        var text = ""
        for token in part {
            guard case .literal(let character) = token, character.isASCII, !character.isWhitespace, !"?#*\\%".contains(character)
            else { return nil }
            text.append(character)
        }
        return text == "." || text == ".." ? nil : text
    }
}
