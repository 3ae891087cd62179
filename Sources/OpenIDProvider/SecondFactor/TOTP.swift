package import JOSE
import Web

/// Time-based one-time passwords (RFC 6238) as authenticator apps make them: SHA-1, six digits, a new one every 30 seconds.
package enum TOTP {
    package static let period: Int64 = 30
    package static let digits = 6
    /// As long as SHA-1's output (RFC 4226 §4, R6).
    package static let secretBytes = 20
    /// Clocks may be so many steps apart (RFC 6238 §6).
    private static let drift: Int64 = 1

    /// The number of the step that a moment is in (RFC 6238 §4.2).
    package static func step(at now: UnixTime) -> Int64 { max(0, now.seconds) / period }

    /// The code of one step, with its leading zeros (RFC 4226 §5.3).
    package static func code(_ secret: Secret, step: Int64) -> String {
        let mac = hmacSHA1((0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - 8 * $0)) }, key: secret)
        let offset = Int(mac.last ?? 0) & 0x0F
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    /// What a code is worth now.
    package enum Match: Sendable, Equatable {
        /// Of this step: no code of it or of one before may count again.
        case step(Int64)
        /// Right, but of a step that a code has counted for already (RFC 6238 §5.2).
        case used
        case wrong
    }

    /// - Parameter last: the step that the newest accepted code was of; 0: none yet.
    package static func match(_ code: String, _ secret: Secret, after last: Int64, now: UnixTime) -> Match {
        let current = step(at: now)
        let given = Secret(utf8: code)
        // All are compared, whichever fits: the time it takes tells nothing.
        let fitting = (-drift...drift).map { current + $0 }.filter { given.matches(Secret(utf8: Self.code(secret, step: $0))) }
        return fitting.first { $0 > last }.map { .step($0) } ?? (fitting.isEmpty ? .wrong : .used)
    }

    /// What the app scans: the key, and what it is shown as.
    /// - Parameters:
    ///   - issuer: who the codes are for, as people know it.
    ///   - user: whose codes they are.
    package static func uri(_ secret: Secret, issuer: String, user: String) -> String {
        let (issuer, user) = (PercentEncoding.encode(issuer), PercentEncoding.encode(user))
        return "otpauth://totp/\(issuer):\(user)?secret=\(Base32.encode(secret.bytes))&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(digits)&period=\(period)"
    }
}
