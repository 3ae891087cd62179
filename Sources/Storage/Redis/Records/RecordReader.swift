import JOSE

/// Reads what `RecordWriter` made; throws for anything else. What a later version has added behind is not looked at.
struct RecordReader {
    struct Damaged: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) throws(Damaged) {
        guard bytes.first == RecordWriter.version else { throw Damaged() }
        rest = bytes.dropFirst()
    }

    private mutating func take(_ count: Int) throws(Damaged) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw Damaged() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number() throws(Damaged) -> Int64 {
        Int64(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    mutating func moment() throws(Damaged) -> UnixTime { UnixTime(seconds: try number()) }

    mutating func flag() throws(Damaged) -> Bool {
        switch try take(1).first {
        case 0: false
        case 1: true
        default: throw Damaged()
        }
    }

    mutating func bytes() throws(Damaged) -> [UInt8] {
        var length: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = try take(1).first {
            length |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { break }
            shift += 7
            guard shift <= 28 else { throw Damaged() }
        }
        guard let count = Int(exactly: length) else { throw Damaged() }
        return Array(try take(count))
    }

    mutating func text() throws(Damaged) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else { throw Damaged() }
        return text
    }

    mutating func secret() throws(Damaged) -> Secret { Secret(try bytes()) }

    mutating func members() throws(Damaged) -> JSONObject {
        guard let members = (try? JSONReader.read(try bytes()))?.object else { throw Damaged() }
        return members
    }

    mutating func texts() throws(Damaged) -> [String] {
        let count = try number()
        // A text has at least the byte of its length.
        guard count >= 0, count <= rest.count else { throw Damaged() }
        var texts: [String] = []
        for _ in 0..<count { texts.append(try text()) }
        return texts
    }

    mutating func possibleMoment() throws(Damaged) -> UnixTime? { try flag() ? try moment() : nil }

    mutating func possibleNumber() throws(Damaged) -> Int64? { try flag() ? try number() : nil }

    mutating func possibleText() throws(Damaged) -> String? { try flag() ? try text() : nil }

    mutating func possibleSecret() throws(Damaged) -> Secret? { try flag() ? try secret() : nil }
}
