import AuthService

/// What an `ok_response` says of the `cookie` header of the request to the application, in bytes: nearly every accept of somebody
/// who is signed in has it, and no other has the same.
enum CookieHeaderField {
    static func bytes(_ remainder: OwnCookies.Remainder) -> [UInt8] {
        switch remainder {
        case .untouched: []
        case .none: removal
        // A protobuf string has to be UTF-8, and a header holds no control characters: such cookies go with ours.
        case .others(let value): FieldSyntax.isVisible(value.span) ? overwriting(value) : removal
        }
    }

    /// `headers_to_remove` (5): "cookie".
    private static let removal: [UInt8] = [0x2a, 6] + Array("cookie".utf8)

    /// `headers` (2): a `HeaderValueOption` of `header` (1) with `key` (1) and `value` (2), as `CheckMessageWriter` writes them.
    private static func overwriting(_ value: [UInt8]) -> [UInt8] {
        let header = key.count + Varint.size(value.count) + value.count
        let option = 1 + Varint.size(header) + header + overwrite.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 + Varint.size(option) + option)
        bytes.append(0x12)
        Varint.append(option, to: &bytes)
        bytes.append(0x0a)
        Varint.append(header, to: &bytes)
        bytes.append(contentsOf: key)
        Varint.append(value.count, to: &bytes)
        bytes.append(contentsOf: value)
        bytes.append(contentsOf: overwrite)
        return bytes
    }

    /// `key`, and the tag of `value`.
    private static let key: [UInt8] = [0x0a, 6] + Array("cookie".utf8) + [0x12]

    /// `append` (2) false, and `append_action` (3) OVERWRITE_IF_EXISTS_OR_ADD.
    private static let overwrite: [UInt8] = [0x12, 0x00, 0x18, 0x02]
}
