/// Where random bytes come from: the system's generator, or a fixed one in tests.
package struct Randomness: Sendable {
    private let generate: @Sendable (Int) -> [UInt8]

    package init(_ generate: @escaping @Sendable (_ count: Int) -> [UInt8]) { self.generate = generate }

    package func bytes(_ count: Int) -> [UInt8] { generate(count) }

    /// `count` random bytes as base64url.
    package func token(_ count: Int = 32) -> String { Base64URL.encode(bytes(count)) }

    package static let system = Randomness { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<max(0, count)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
