import Crypto

/// Bytes that must not be seen: prints as dots wherever it is printed, dumped or interpolated.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The bytes themselves. Each use is a place to look at in a review.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init(utf8 text: some StringProtocol) { bytes = Array(text.utf8) }

    /// The secret as text; invalid UTF-8 is repaired.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package var isEmpty: Bool { bytes.isEmpty }

    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Compares without telling by its time where the difference is: the digests are compared, so lengths do not show either.
    package func matches(_ other: Secret) -> Bool {
        // swift-crypto's digests compare in constant time.
        SHA256.hash(data: bytes) == SHA256.hash(data: other.bytes)
    }
}
