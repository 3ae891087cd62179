import Web

/// The head of one HTTP/1 message of a gateway (RFC 9112).
struct HTTP1Head {
    /// The request line and the fields where they lie.
    var message: RequestMessage
    /// Bytes of the head, with the empty line behind it.
    let size: Int
    let isHTTP10: Bool

    /// Whether the connection may be used again (RFC 9112 section 9.3). After a request to upgrade it is not: we speak nothing
    /// else, and the gateway might go on in another protocol.
    var keepsAlive: Bool {
        guard message.first("upgrade") == nil else { return false }
        let options = message.all("connection")
        return isHTTP10 ? names("keep-alive", options) && !names("close", options) : !names("close", options)
    }

    /// Whether a list of tokens has `token` in it, whatever its case.
    private func names(_ token: StaticString, _ lists: [RequestMessage.Part]) -> Bool {
        lists.contains { list in
            message.bytes[list.range].split(separator: UInt8(ascii: ",")).contains { element in
                sameBytes(trimmingBlanks(String(decoding: element, as: UTF8.self)).lowercased(), "\(token)")
            }
        }
    }
}

/// Why a connection's bytes are no request that we take. The answer closes the connection: where the next request would begin
/// is not known.
enum HTTP1Failure: Error {
    case malformed
    /// The head, a field of it, or their number.
    case headTooLarge
    case bodyTooLarge
    case unknownPath

    var refusal: Refusal {
        switch self {
        case .malformed: .malformed
        case .headTooLarge: .tooManyHeaders
        case .bodyTooLarge: .bodyTooLarge
        case .unknownPath: .unknownPath
        }
    }
}
