import JOSE

/// A written grant that the ones of other sessions differ from in little but their signature: those are kept as what is different.
///
/// What a folded one consists of is copied from two places, the pattern and the packed session that it belongs to, or stands in it. Of
/// an assertion the bytes are compared that its base64url stands for.
final class ReplyPattern: Sendable {
    let form: GrantForm
    let names: GrantNames
    private let bytes: [UInt8]
    private let places: PlaceTable

    init(_ written: WrittenGrant, in form: GrantForm, names: GrantNames) {
        self.form = form
        self.names = names
        bytes = OpenedReply(written).bytes
        places = PlaceTable(bytes)
    }

    /// - Parameter session: what `unfolded` is given, too.
    /// - Returns: `nil` where it would not come out the same.
    func folded(_ written: WrittenGrant, with session: [UInt8]) -> [UInt8]? {
        let opened = OpenedReply(written)
        var writer = PackedWriter()
        opened.writeLayout(to: &writer)
        write(opened.bytes, session, to: &writer)
        let folded = writer.bytes
        guard let again = unfolded(folded[...], with: session[...]), again.headers == written.headers,
            again.metadata == written.metadata
        else { return nil }
        return folded
    }

    /// Runs: a number whose lowest bit says what it is, and whose others how long. A literal's bytes follow, or how far from where it
    /// is expected a copy's place is.
    private func write(_ opened: [UInt8], _ session: [UInt8], to writer: inout PackedWriter) {
        let sessionPlaces = PlaceTable(session)
        var position = 0
        var literal = 0
        var expected = 0
        func flush(_ writer: inout PackedWriter) {
            guard literal < position else { return }
            writer.write(count: (position - literal) << 1 | 1)
            writer.append(opened[literal..<position])
        }
        while position < opened.count {
            let next = expected + (position - literal)
            var best = Match(place: next, length: Match.length(opened, position, bytes, next))
            if best.length < Self.goodMatch {
                best.improve(opened, position, bytes, places.place(of: opened, position))
                best.improve(opened, position, session, sessionPlaces.place(of: opened, position), offset: bytes.count)
            }
            guard best.length >= Self.shortestMatch else {
                position += 1
                continue
            }
            flush(&writer)
            writer.write(count: best.length << 1)
            writer.write(Int64(best.place - next))
            position += best.length
            expected = best.place < bytes.count ? best.place + best.length : next + best.length
            literal = position
        }
        flush(&writer)
    }

    private static let shortestMatch = 4
    private static let goodMatch = 12

    /// `nil`: it was not folded with this pattern and session.
    func unfolded(_ folded: ArraySlice<UInt8>, with session: ArraySlice<UInt8>) -> WrittenGrant? {
        var reader = PackedReader(folded)
        do throws(PackedReader.Damaged) {
            let layout = try OpenedReply.Layout(&reader)
            let opened = try read(&reader, session, count: layout.count)
            return layout.closed(opened)
        } catch { return nil }
    }

    private func read(
        _ reader: inout PackedReader, _ session: ArraySlice<UInt8>, count: Int
    ) throws(PackedReader.Damaged) -> [UInt8] {
        var opened: [UInt8] = []
        opened.reserveCapacity(count)
        var expected = 0
        while opened.count < count {
            let number = try reader.unsigned()
            guard let length = Int(exactly: number >> 1), length > 0, length <= count - opened.count else {
                throw PackedReader.Damaged()
            }
            guard number & 1 == 0 else {
                opened.append(contentsOf: try reader.bytes(length))
                expected += length
                continue
            }
            let (place, overflow) = try reader.integer().addingReportingOverflow(Int64(expected))
            guard !overflow, place >= 0, let start = Int(exactly: place) else { throw PackedReader.Damaged() }
            if start <= bytes.count - length {
                opened.append(contentsOf: bytes[start..<start + length])
                expected = start + length
            } else {
                let start = start - bytes.count
                guard start >= 0, start <= session.count - length else { throw PackedReader.Damaged() }
                opened.append(contentsOf: session[session.startIndex + start..<session.startIndex + start + length])
                expected += length
            }
        }
        return opened
    }
}

/// A place that has the same bytes.
private struct Match {
    var place: Int
    var length: Int

    mutating func improve(_ opened: [UInt8], _ position: Int, _ other: [UInt8], _ place: Int?, offset: Int = 0) {
        guard let place else { return }
        let length = Self.length(opened, position, other, place)
        if length > self.length + 1 { self = Match(place: place + offset, length: length) }
    }

    static func length(_ opened: [UInt8], _ position: Int, _ other: [UInt8], _ place: Int) -> Int {
        guard place >= 0, place < other.count else { return 0 }
        var length = 0
        while position + length < opened.count, place + length < other.count, opened[position + length] == other[place + length] {
            length += 1
        }
        return length
    }
}

/// Where in some bytes four are found that begin like others.
private struct PlaceTable: Sendable {
    private static let bits = 9
    private var places = [UInt16](repeating: .max, count: 1 << bits)

    init(_ bytes: [UInt8]) {
        // The first place counts: what comes again later is near its like.
        for position in stride(from: min(bytes.count, Int(UInt16.max)) - 4, through: 0, by: -1) {
            places[Self.hash(bytes, position)] = UInt16(truncatingIfNeeded: position)
        }
    }

    func place(of bytes: [UInt8], _ position: Int) -> Int? {
        guard position + 4 <= bytes.count else { return nil }
        let place = places[Self.hash(bytes, position)]
        return place == .max ? nil : Int(place)
    }

    private static func hash(_ bytes: [UInt8], _ position: Int) -> Int {
        let word = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[position + $1]) }
        return Int(truncatingIfNeeded: (word &* 0x9E37_79B1) >> UInt32(32 - bits))
    }
}
