import JOSE
import Web

/// A long value over several cookies: `name` holds `count.beginning`, `name-1`, `name-2` … what follows. Browsers take 4096 bytes
/// for a name and its value.
enum CookieParts {
    static let partBytes = 3800
    static let maximumParts = 16
    static var maximumBytes: Int { partBytes * maximumParts - 8 }

    static func split(_ value: String) -> [String] {
        let bytes = Array(value.utf8)
        let count = max(1, (bytes.count + 7 + partBytes - 1) / partBytes)
        let whole = Array("\(count).".utf8) + bytes
        return stride(from: 0, to: count * partBytes, by: partBytes).map { start in
            String(decoding: whole[min(start, whole.count)..<min(start + partBytes, whole.count)], as: UTF8.self)
        }
    }

    static func name(_ base: String, _ index: Int) -> String { index == 0 ? base : "\(base)-\(index)" }

    /// Which part a cookie called `base` and `suffix` is; `nil` for another cookie.
    private static func index(suffix: Span<UInt8>) -> Int? {
        guard suffix.count > 0 else { return 0 }
        guard (2...3).contains(suffix.count), suffix[0] == UInt8(ascii: "-") else { return nil }
        var number = 0
        for position in 1..<suffix.count {
            let digit = suffix[position]
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit), digit != UInt8(ascii: "0") || number > 0 else {
                return nil
            }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number < 100 ? number : nil
    }

    /// What a request brings under one name.
    enum Presented: Sendable {
        case none
        /// Parts that are no whole: too many, twice, missing, or not numbered as ours.
        case unreadable
        /// All parts one after the other, with the count in front.
        case whole([UInt8])
    }

    static func presented(_ message: RequestMessage, name base: [UInt8]) -> Presented {
        let bytes = message.bytes.span
        var parts: [Range<Int>?] = Array(repeating: nil, count: maximumParts)
        var isNone = true
        for field in message.fields where sameBytes(bytes.extracting(field.name.range), "cookie") {
            var scanner = CookieScanner(from: field.value.range.lowerBound)
            while let pair = scanner.next(in: bytes, until: field.value.range.upperBound) {
                guard pair.name.count >= base.count,
                    sameBytes(bytes.extracting(pair.name.prefix(base.count)), base.span),
                    let index = index(suffix: bytes.extracting(pair.name.dropFirst(base.count)))
                else { continue }
                isNone = false
                guard index < maximumParts, parts[index] == nil else { return .unreadable }
                parts[index] = pair.value
            }
        }
        return isNone ? .none : whole(parts, bytes)
    }

    private static func whole(_ parts: [Range<Int>?], _ bytes: Span<UInt8>) -> Presented {
        guard let first = parts[0] else { return .unreadable }
        var value: [UInt8] = []
        for position in first { value.append(bytes[position]) }
        let digits = value.prefix { $0 != UInt8(ascii: ".") }
        guard let count = Int(String(decoding: digits, as: UTF8.self)), (1...maximumParts).contains(count) else {
            return .unreadable
        }
        // Parts beyond the count are what a longer value has left behind.
        for part in parts[1..<count] {
            guard let part else { return .unreadable }
            for position in part { value.append(bytes[position]) }
        }
        return value.count <= maximumBytes + 8 ? .whole(value) : .unreadable
    }

    /// The parts' numbers among a request's cookies.
    static func indexes(in headers: HeaderList, name base: String) -> [Int] {
        let names = Set(RequestCookies(headers).names)
        return (0..<100).filter { names.contains(name(base, $0)) }
    }
}
