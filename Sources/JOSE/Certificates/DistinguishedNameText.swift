/// Names of certificates as RFC 4514 writes them.
enum DistinguishedNameText {
    /// §3, by their object identifiers.
    private static let shortNames: [[UInt8]: String] = [
        [0x55, 0x04, 0x03]: "CN", [0x55, 0x04, 0x07]: "L", [0x55, 0x04, 0x08]: "ST", [0x55, 0x04, 0x0A]: "O",
        [0x55, 0x04, 0x0B]: "OU", [0x55, 0x04, 0x06]: "C", [0x55, 0x04, 0x09]: "STREET",
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19]: "DC",
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01]: "UID",
    ]

    /// `nil` for an attribute without a short name.
    static func attribute(_ kind: [UInt8], _ value: String) -> String? { shortNames[kind].map { "\($0)=\(escaped(value))" } }

    /// `nil` where one is missing.
    static func joined(_ parts: [String?], _ separator: String) -> String? {
        let known = parts.compactMap { $0 }
        return known.count == parts.count ? known.joined(separator: separator) : nil
    }

    /// §2.4
    private static func escaped(_ value: String) -> String {
        let bytes = Array(value.utf8)
        var escaped: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isEdge = index == 0 || index == bytes.count - 1
            if #"",+;<>\"#.utf8.contains(byte) || (byte == 0x20 && isEdge) || (byte == UInt8(ascii: "#") && index == 0) {
                escaped.append(UInt8(ascii: "\\"))
            }
            escaped.append(byte)
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
