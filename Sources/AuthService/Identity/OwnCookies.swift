package import Web

/// Our cookies in a request, which no application needs to see: the session's, its parts, and those of a sign-in under way.
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

    /// - Parameter name: `authService.cookie.name`. Ours are those of that name, and those that begin with it and a `-`, with or
    ///   without one of the prefixes of RFC 6265bis.
    package init(name: String) { stem = Array(name.utf8) }

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
        others.reserveCapacity(line.count)
        forEachPair(line) { pair in
            guard !isOurs(line, pair), !pair.isEmpty else { return }
            if !others.isEmpty { others.append(UInt8(ascii: ";")) }
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

    /// From `;` to `;`: also inside quotes, since some servers split there.
    private func forEachPair(_ line: Span<UInt8>, _ visit: (Range<Int>) -> Void) {
        var start = 0
        while true {
            let end = line.first(UInt8(ascii: ";"), or: UInt8(ascii: ";"), in: start..<line.count)
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
        guard hasPrefix(name, stem) else { return false }
        let rest = name.extracting(stem.count..<name.count)
        // The name ends at `=`, at blanks before it, or with the pair; behind a `-` follows which of ours it is.
        guard !rest.isEmpty else { return true }
        return switch rest[0] {
        case UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "\t"): true
        default: false
        }
    }

    private func firstVisible(_ line: Span<UInt8>, _ pair: Range<Int>) -> Int {
        var index = pair.lowerBound
        while index < pair.upperBound, line[index] == UInt8(ascii: " ") || line[index] == UInt8(ascii: "\t") { index += 1 }
        return index
    }
}
