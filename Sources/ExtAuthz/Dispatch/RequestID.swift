import Web

/// The id of a request in the logs.
package enum RequestID {
    /// The gateway's `x-request-id` where it is short and printable, else a new one.
    static func choose(_ message: RequestMessage, make: @Sendable () -> String) -> String {
        guard let received = message.first("x-request-id"), (1...128).contains(received.count),
            message.bytes[received.range].allSatisfy({ (0x21...0x7e).contains($0) })
        else { return make() }
        return message.text(received)
    }

    /// A maker of ids for the listeners: 64 random bits in hexadecimal.
    package static let random: @Sendable () -> String = {
        String(UInt64.random(in: .min ... .max), radix: 16)
    }
}
