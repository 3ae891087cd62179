extension Certificate {
    /// The certificates of a text in PEM (RFC 7468 §5), in its order; what stands around them does not count.
    /// - Returns: `nil` where one of them cannot be read.
    package static func all(inPEM text: [UInt8]) -> [Certificate]? {
        var certificates: [Certificate] = []
        var lines: [UInt8]?
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            if line.elementsEqual("-----BEGIN CERTIFICATE-----".utf8) {
                guard lines == nil else { return nil }
                lines = []
            } else if line.elementsEqual("-----END CERTIFICATE-----".utf8) {
                guard let certificate = lines.flatMap(decoded).flatMap(Certificate.init(der:)) else { return nil }
                certificates.append(certificate)
                lines = nil
            } else {
                lines?.append(contentsOf: line)
            }
        }
        return lines == nil ? certificates : nil
    }

    private static func decoded(_ base64: [UInt8]) -> [UInt8]? {
        guard base64.count <= maximumBytes * 2 else { return nil }
        let letters = base64.filter { $0 != 0x20 && $0 != 0x09 }.reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
        let translated = letters.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "-"), UInt8(ascii: "_"): UInt8(ascii: "!")
            default: byte
            }
        }
        return Base64URL.decode(String(decoding: translated, as: UTF8.self))
    }
}
