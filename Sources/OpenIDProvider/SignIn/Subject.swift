import JOSE

/// `sub`: stable for a user of a connector, and the same text that Dex makes of them, so that applications which knew their users
/// from Dex know them still.
package enum Subject {
    private static let maximumLength = 255

    /// base64url of the protobuf message `{ 1: user id, 2: connector id }`. OpenID Connect Core §2 allows 255 characters: for
    /// more it is the digest of the message.
    package static func of(_ user: ConnectorUser, connectorID: String) -> String {
        let message = field(1, user.id) + field(2, connectorID)
        let subject = Base64URL.encode(message)
        return subject.utf8.count <= maximumLength ? subject : Base64URL.encode(sha256(message))
    }

    private static func field(_ number: UInt8, _ text: String) -> [UInt8] {
        // Protobuf leaves empty texts out.
        text.isEmpty ? [] : [number << 3 | 2] + varint(text.utf8.count) + Array(text.utf8)
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(truncatingIfNeeded: rest)]
    }
}
