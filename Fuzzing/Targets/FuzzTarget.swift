/// A part of the program that reads what strangers send, with what has to hold whatever they send.
package struct FuzzTarget: Sendable, CustomStringConvertible {
    /// As its corpus file is called.
    package let name: String
    /// Longer inputs show nothing new and only take time.
    package let maximumBytes: Int
    package var description: String { name }
    private let check: @Sendable ([UInt8]) throws(Violation) -> Void

    init(_ name: String, maximumBytes: Int, _ check: @escaping @Sendable ([UInt8]) throws(Violation) -> Void) {
        self.name = name
        self.maximumBytes = maximumBytes
        self.check = check
    }

    package static let all: [FuzzTarget] = [
        .requestPath, .redirectTarget, .requestHost, .requestCookies, .formFields, .json, .jws, .keySet, .forwardedFor,
        .checkMessage, .clientHello, .http1, .http2, .headerBlock, .forwardedClientCert, .certificate, .cbor, .attestation,
        .redisReplies,
    ]

    /// What does not hold for this input; `nil`: all is well.
    package func violation(of input: [UInt8]) -> Violation? {
        do throws(Violation) {
            try check(input)
            return nil
        } catch {
            return error
        }
    }
}

/// What should hold and does not.
package struct Violation: Error, Equatable, CustomStringConvertible {
    package let description: String
}

/// - Parameter property: what should hold, as a sentence.
func require(
    _ holds: @autoclosure () -> Bool, _ property: @autoclosure () -> String
) throws(Violation) {
    if !holds() { throw Violation(description: property()) }
}
