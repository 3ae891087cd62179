/// The `TBSCertificate` (RFC 5280 §4.1.2), version 3.
struct CertificateBody {
    let algorithm: [UInt8]
    let issuer: DistinguishedName
    let validity: ClosedRange<UnixTime>
    let subject: DistinguishedName
    let publicKey: [UInt8]
    private(set) var names = AlternativeNames()
    private(set) var isAuthority = false
    private(set) var extensions: [CertificateExtension] = []

    private typealias Malformed = DERReader.Malformed
    private typealias Tag = DERReader.Tag

    init(_ der: [UInt8], _ range: Range<Int>) throws(DERReader.Malformed) {
        var parts = DERReader(der, range)
        let version = try parts.next(0xA0)
        guard der[version.content].elementsEqual([Tag.integer, 1, 2]) else { throw Malformed() }
        _ = try parts.next(Tag.integer)
        algorithm = Array(der[try parts.next(Tag.sequence).whole])
        issuer = try DistinguishedName(der, try parts.next(Tag.sequence))
        validity = try Self.validity(der, try parts.next(Tag.sequence).content)
        subject = try DistinguishedName(der, try parts.next(Tag.sequence))
        publicKey = Array(der[try parts.next(Tag.sequence).whole])
        // Unique identifiers, which nobody uses.
        _ = try parts.nextIf(0x81)
        _ = try parts.nextIf(0x82)
        if let extensions = try parts.nextIf(0xA3) { try takeExtensions(der, extensions.content) }
        guard parts.isAtEnd else { throw Malformed() }
    }

    private mutating func takeExtensions(_ der: [UInt8], _ range: Range<Int>) throws(DERReader.Malformed) {
        var outer = DERReader(der, range)
        let list = try outer.next(Tag.sequence)
        guard outer.isAtEnd else { throw Malformed() }
        var extensions = DERReader(der, list.content)
        while let element = try extensions.next() {
            guard element.tag == Tag.sequence else { throw Malformed() }
            var parts = DERReader(der, element.content)
            let identifier = Array(der[try parts.next(Tag.objectIdentifier).content])
            // A second one of a kind is another certificate to another reader (§4.2).
            guard !self.extensions.contains(where: { $0.identifier == identifier }) else { throw Malformed() }
            let isCritical = try parts.nextIf(Tag.boolean).map { der[$0.content].elementsEqual([0xFF]) } ?? false
            let value = try parts.next(Tag.octetString).content
            guard parts.isAtEnd else { throw Malformed() }
            self.extensions.append(
                CertificateExtension(identifier: identifier, isCritical: isCritical, value: Array(der[value])))
            switch identifier {
            case [0x55, 0x1D, 0x11]: names = try AlternativeNames(der, value)
            case [0x55, 0x1D, 0x13]: isAuthority = try Self.isAuthority(der, value)
            default: break
            }
        }
    }

    /// Basic constraints (§4.2.1.9).
    private static func isAuthority(_ der: [UInt8], _ range: Range<Int>) throws(DERReader.Malformed) -> Bool {
        var outer = DERReader(der, range)
        var parts = DERReader(der, try outer.next(Tag.sequence).content)
        guard let flag = try parts.nextIf(Tag.boolean) else { return false }
        return der[flag.content].elementsEqual([0xFF])
    }

    private static func validity(_ der: [UInt8], _ range: Range<Int>) throws(DERReader.Malformed) -> ClosedRange<UnixTime> {
        var parts = DERReader(der, range)
        guard let first = try parts.next(), let last = try parts.next(), parts.isAtEnd, let from = UnixTime(first, der),
            let to = UnixTime(last, der), from <= to
        else { throw Malformed() }
        return from...to
    }
}

/// An extension as it stands (RFC 5280 §4.1.2.9).
package struct CertificateExtension: Sendable, Equatable {
    /// The object identifier's content in DER.
    package let identifier: [UInt8]
    package let isCritical: Bool
    /// What the octet string holds.
    package let value: [UInt8]
}

extension UnixTime {
    /// `UTCTime` until 2049, `GeneralizedTime` from 2050 on, both in UTC with seconds (RFC 5280 §4.1.2.5).
    fileprivate init?(_ element: DERReader.Element, _ der: [UInt8]) {
        var digits = Array(der[element.content])
        guard digits.popLast() == UInt8(ascii: "Z"), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var numbers = digits.map { Int64($0 - 0x30) }
        switch (element.tag, numbers.count) {
        case (DERReader.Tag.utcTime, 12): numbers.insert(contentsOf: numbers[0] >= 5 ? [1, 9] : [2, 0], at: 0)
        case (DERReader.Tag.generalizedTime, 14): break
        default: return nil
        }
        func number(_ start: Int, _ count: Int = 2) -> Int64 { numbers[start..<(start + count)].reduce(0) { $0 * 10 + $1 } }
        let (year, month, day) = (number(0, 4), number(4), number(6))
        let (hour, minute, second) = (number(8), number(10), number(12))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else { return nil }
        // Days from civil: years begin in March, so that the odd day comes last.
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shifted / 400, shifted % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(seconds: (era * 146_097 + dayOfEra - 719_468) * 86400 + hour * 3600 + minute * 60 + second)
    }
}
