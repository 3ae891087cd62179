package import Web

/// Our cookies in a request, which no application needs to see: the session's, its parts, those of a sign-in under way, and those of
/// the provider on the same hosts.
package struct OwnCookies: Sendable {
    /// What the `cookie` header of the request to the application becomes.
    package enum Remainder: Sendable, Equatable {
        /// None of ours is there.
        case untouched
        /// The other cookies, byte for byte as they came.
        case others([UInt8])
        /// There are no others: the header goes.
        case none
    }

    private let stem: [UInt8]
    private let providers: [[UInt8]]

    /// - Parameters:
    ///   - name: `authService.cookie.name`. Ours are those of that name, and those that begin with it and a `-`, with or without one
    ///     of the prefixes of RFC 6265bis.
    ///   - providers: names of the embedded provider's, without such a prefix.
    package init(name: String, providers: [String] = []) {
        stem = Array(name.utf8)
        self.providers = providers.map { Array($0.utf8) }
    }

    /// What is left of a `cookie` header without ours. Several lines are one header, joined as RFC 9113 §8.2.3 has it.
    package func remainder(of message: RequestMessage) -> Remainder {
        let bytes = message.bytes.span
        var remainder: Remainder?
        for line in message.all("cookie") {
            let next = self.remainder(of: bytes.extracting(line.range))
            guard let before = remainder else {
                remainder = next
                continue
            }
            if before == .untouched, next == .untouched { continue }
            return all(message)
        }
        return remainder ?? .untouched
    }

    /// The same for one line.
    package func remainder(of line: Span<UInt8>) -> Remainder {
        guard holdsOurs(line) else { return .untouched }
        var others: [UInt8] = []
        var isBlank = true
        var endsAtSemicolon = false
        others.reserveCapacity(line.count)
        forEachPair(line) { pair in
            if pair.lowerBound > 0, line[pair.lowerBound - 1] == UInt8(ascii: ";") { endsAtSemicolon = true }
            guard !isOurs(line, pair), !pair.isEmpty else { return }
            // As it stood there; a comma could be part of the value before it.
            if !others.isEmpty { others.append(endsAtSemicolon ? UInt8(ascii: ";") : UInt8(ascii: ",")) }
            endsAtSemicolon = false
            // The blank before the first one stood behind the `;` that is gone.
            let start = others.isEmpty ? firstVisible(line, pair) : pair.lowerBound
            line.extracting(start..<pair.upperBound).withUnsafeBufferPointer { others.append(contentsOf: $0) }
            if isBlank { isBlank = (start..<pair.upperBound).allSatisfy { line[$0] == UInt8(ascii: " ") } }
        }
        return isBlank ? .none : .others(others)
    }

    private func all(_ message: RequestMessage) -> Remainder {
        let joined = message.all("cookie").map { Array(message.bytes[$0.range]) }.joined(separator: Array("; ".utf8))
        return remainder(of: Array(joined).span)
    }

    private func holdsOurs(_ line: Span<UInt8>) -> Bool {
        var found = false
        forEachPair(line) { if !found { found = isOurs(line, $0) } }
        return found
    }

    /// From `;` to `;`: also inside quotes, since some servers split there. And at each comma where a session's cookie would be read.
    private func forEachPair(_ line: Span<UInt8>, _ visit: (Range<Int>) -> Void) {
        var start = 0
        while true {
            let end = CookieScanner.endOfPair(line, start..<line.count)
            visit(start..<end)
            guard end < line.count else { return }
            start = end + 1
        }
    }

    private func isOurs(_ line: Span<UInt8>, _ pair: Range<Int>) -> Bool {
        var name = line.extracting(firstVisible(line, pair)..<pair.upperBound)
        if hasPrefix(name, "__Host-") {
            name = name.extracting(7..<name.count)
        } else if hasPrefix(name, "__Secure-") {
            name = name.extracting(9..<name.count)
        }
        if isNamed(name, stem, orHasParts: true) { return true }
        for provider in providers where isNamed(name, provider, orHasParts: false) { return true }
        return false
    }

    /// The name ends at `=`, at blanks before it, or with the pair; behind a `-` follows which part it is.
    private func isNamed(_ pair: Span<UInt8>, _ name: [UInt8], orHasParts: Bool) -> Bool {
        guard hasPrefix(pair, name) else { return false }
        guard pair.count > name.count else { return true }
        return switch pair[name.count] {
        case UInt8(ascii: "="), UInt8(ascii: " "), UInt8(ascii: "\t"): true
        case UInt8(ascii: "-"): orHasParts
        default: false
        }
    }

    private func firstVisible(_ line: Span<UInt8>, _ pair: Range<Int>) -> Int {
        var index = pair.lowerBound
        while index < pair.upperBound, line[index] == UInt8(ascii: " ") || line[index] == UInt8(ascii: "\t") { index += 1 }
        return index
    }
}
