/// A header to take from requests: by name, or by the beginning of its name (`x-auth-request-*`). Lower case, as Envoy keeps names.
package enum RemovedHeader: Sendable, Hashable {
    case name(String)
    case beginning(String)

    /// Nil for what is no header name (RFC 9110, section 5.1), and for `*` alone: removing every header is no use to anyone.
    package init?(parsing text: String) {
        let lowered = String(decoding: text.utf8.map(Self.lowered), as: UTF8.self)
        let isBeginning = lowered.utf8.last == UInt8(ascii: "*")
        let name = isBeginning ? String(lowered.dropLast()) : lowered
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else { return nil }
        self = isBeginning ? .beginning(name) : .name(name)
    }

    /// `*` is a token byte of RFC 9110 but not one here: inside a pattern it would be taken for a wildcard.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
