import AuthService

/// What an `ok_response` says of the `cookie` header of the request to the application, in bytes: nearly every accept of somebody
/// who is signed in has it, and no other has the same.
enum CookieHeaderField {
    static func bytes(_ remainder: OwnCookies.Remainder) -> [UInt8] {
        switch remainder {
        case .untouched: return []
        case .none: return removal
        case .others(let value):
            // A protobuf string has to be UTF-8, and a header holds no control characters: such cookies go with ours.
            guard String(validating: value, as: UTF8.self) != nil,
                !value.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F })
            else { return removal }
            return overwriting(value)
        }
    }

    /// `headers_to_remove` (5): "cookie".
    private static let removal: [UInt8] = [0x2a, 6] + Array("cookie".utf8)

    /// `headers` (2): a `HeaderValueOption` of `header` (1) with `key` (1) and `value` (2), as `CheckMessageWriter` writes them.
    private static func overwriting(_ value: [UInt8]) -> [UInt8] {
        let header: [UInt8] = [0x0a, 6] + Array("cookie".utf8) + [0x12] + varint(value.count) + value
        let option = [0x0a] + varint(header.count) + header + overwrite
        return [0x12] + varint(option.count) + option
    }

    /// `append` (2) false, and `append_action` (3) OVERWRITE_IF_EXISTS_OR_ADD.
    private static let overwrite: [UInt8] = [0x12, 0x00, 0x18, 0x02]

    private static func varint(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest & 0x7f | 0x80))
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
        return bytes
    }
}
