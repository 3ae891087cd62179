/// Who a certificate is of, or by (RFC 5280 §4.1.2.4).
package struct DistinguishedName: Sendable, Equatable {
    package let countries: [String]
    package let commonNames: [String]
    package let organizations: [String]
    package let organizationalUnits: [String]
    package let userIDs: [String]
    /// As RFC 4514 writes it, `CN=machine,O=Example`; `nil` where an attribute has no short name there, or is no text.
    package let text: String?
    /// As it stands: names are the same where their bytes are.
    let bytes: [UInt8]

    package static func == (one: DistinguishedName, other: DistinguishedName) -> Bool { one.bytes == other.bytes }

    init(_ der: [UInt8], _ element: DERReader.Element) throws(DERReader.Malformed) {
        var found: [[UInt8]: [String]] = [:]
        var written: [String?] = []
        var sets = DERReader(der, element.content)
        while let set = try sets.next() {
            guard set.tag == DERReader.Tag.set else { throw DERReader.Malformed() }
            var together: [String?] = []
            var attributes = DERReader(der, set.content)
            while let attribute = try attributes.next() {
                guard attribute.tag == DERReader.Tag.sequence else { throw DERReader.Malformed() }
                var parts = DERReader(der, attribute.content)
                let kind = Array(der[try parts.next(DERReader.Tag.objectIdentifier).content])
                guard let value = try parts.next(), parts.isAtEnd else { throw DERReader.Malformed() }
                let text = try certificateText(der, value)
                if let text { found[kind, default: []].append(text) }
                together.append(text.flatMap { DistinguishedNameText.attribute(kind, $0) })
            }
            written.append(DistinguishedNameText.joined(together, "+"))
        }
        // The last comes first (RFC 4514 §2.1).
        text = DistinguishedNameText.joined(written.reversed(), ",")
        bytes = Array(der[element.whole])
        countries = found[[0x55, 0x04, 0x06]] ?? []
        commonNames = found[[0x55, 0x04, 0x03]] ?? []
        organizations = found[[0x55, 0x04, 0x0A]] ?? []
        organizationalUnits = found[[0x55, 0x04, 0x0B]] ?? []
        userIDs = found[[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01]] ?? []
    }
}

/// The subject's alternative names (RFC 5280 §4.2.1.6), as far as they are texts or addresses.
package struct AlternativeNames: Sendable {
    package private(set) var emails: [String] = []
    package private(set) var hosts: [String] = []
    package private(set) var uris: [String] = []
    /// 4 or 16 bytes each.
    package private(set) var addresses: [[UInt8]] = []

    init() {}

    init(_ der: [UInt8], _ range: Range<Int>) throws(DERReader.Malformed) {
        var outer = DERReader(der, range)
        let list = try outer.next(DERReader.Tag.sequence)
        guard outer.isAtEnd else { throw DERReader.Malformed() }
        var names = DERReader(der, list.content)
        while let name = try names.next() {
            switch name.tag {
            case 0x81: emails.append(try ia5Text(der[name.content]))
            case 0x82: hosts.append(try ia5Text(der[name.content]))
            case 0x87: addresses.append(Array(der[name.content]))
            case 0x86: uris.append(try ia5Text(der[name.content]))
            default: break
            }
        }
    }
}

/// `nil` for a text in a form that nobody uses any more. One with control characters, of which some readers take a part only, is refused.
private func certificateText(_ der: [UInt8], _ element: DERReader.Element) throws(DERReader.Malformed) -> String? {
    switch element.tag {
    case DERReader.Tag.utf8String, DERReader.Tag.printableString, DERReader.Tag.ia5String:
        guard let text = String(validating: der[element.content], as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        else { throw DERReader.Malformed() }
        return text
    default: return nil
    }
}

private func ia5Text(_ bytes: ArraySlice<UInt8>) throws(DERReader.Malformed) -> String {
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw DERReader.Malformed() }
    return String(decoding: bytes, as: UTF8.self)
}
