import Accounts
import JOSE

extension Session {
    /// What administrators are told of a session: no token, nothing that a cookie could be made of.
    var listing: JSONValue {
        var members = JSONObject([
            ("id", .string(key.handle)), ("subject", .string(identity.subject)), ("issuer", .string(identity.issuer)),
            ("provider", .string(providerID)), ("host", .string(scope)), ("created_at", .string(createdAt.rfc3339)),
            ("last_used_at", .string(lastUsedAt.rfc3339)), ("expires_at", .string(expiresAt.rfc3339)),
            ("authenticated_at", .string(authTime.rfc3339)), ("user_agent", .string(device.userAgent)),
            ("address", .string(device.address)),
        ])
        members["email"] = identity.email.map { .string($0) }
        members["name"] = identity.name.map { .string($0) }
        members["refresh_at"] = refresh.dueAt.map { .string($0.rfc3339) }
        members["refresh_failing_since"] = refresh.failingSince.map { .string($0.rfc3339) }
        return .object(members)
    }
}

extension SessionKey {
    /// The beginning of a key from its `handle`; `nil` for what is none.
    static func prefix(handle: String) -> [UInt8]? {
        let digits = Array(handle.utf8)
        guard digits.count == 2 * handleLength else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16),
                digits[index] != UInt8(ascii: "+")
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
