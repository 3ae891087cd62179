/// Where random bytes come from: the system's generator, or a fixed one in tests.
package struct Randomness: Sendable {
    private let generate: @Sendable (Int) -> [UInt8]

    package init(_ generate: @escaping @Sendable (_ count: Int) -> [UInt8]) { self.generate = generate }

    package func bytes(_ count: Int) -> [UInt8] { generate(count) }

    /// `count` random bytes as base64url.
    package func token(_ count: Int = 32) -> String { Base64URL.encode(bytes(count)) }

    /// A name that people type: as `token`, and beginning with a letter, because a command line takes what begins with `-` for an option.
    /// It has one bit less. No secret is made of it.
    package func identifier(_ count: Int = 16) -> String {
        var name = bytes(count)
        // The first letter of base64url is the first six bits: those below 32 are the capitals and `a` to `f`.
        if let first = name.first { name[0] = first & 0x7f }
        return Base64URL.encode(name)
    }

    package static let system = Randomness { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<max(0, count)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
