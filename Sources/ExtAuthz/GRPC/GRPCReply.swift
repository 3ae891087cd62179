import AuthService

/// A message that goes back, ready to be written.
enum GRPCReply {
    case message([UInt8])
    case allow(AllowMessage)

    /// Envoy's reply to a check.
    init(_ decision: Decision) {
        switch Verdict(decision, gatewayCarriesPages: true) {
        case .allow(let accepted):
            if let allow = AllowMessage(accepted) {
                self = .allow(allow)
            } else {
                self = .message(CheckMessageWriter.deny(Refusal.internalError.response, .unavailable))
            }
        case .answer(let response, let kind):
            self = .message(CheckMessageWriter.deny(response, kind))
        }
    }

    /// Bytes that `CheckMessageWriter.write` appends.
    var count: Int {
        switch self {
        case .message(let bytes): bytes.count
        case .allow(let allow): allow.count
        }
    }
}

/// A `CheckResponse` that lets a request pass, put together from bytes that its grant has had for the first request already.
struct AllowMessage {
    private let grant: WrittenGrant
    /// More content of `ok_response`, for this request alone.
    private let extra: [UInt8]
    private let rule: String
    private let okSize: Int
    private let metadataSize: Int
    let count: Int

    /// `nil`: something in it would break the message.
    init?(_ accepted: Accepted) {
        grant = accepted.grant.writtenForGRPC(CheckMessageWriter.written)
        guard grant.isSound else { return nil }
        if accepted.cookies.isEmpty, accepted.sentByClient.isEmpty {
            extra = CookieHeaderField.bytes(accepted.cookieHeader)
        } else {
            guard accepted.cookies.allSatisfy(FieldSyntax.isValue), accepted.sentByClient.allSatisfy(FieldSyntax.isToken),
                let bytes = CheckMessageWriter.cookies(accepted.cookies, removing: accepted.spellingsToRemove)
            else { return nil }
            extra = bytes + CookieHeaderField.bytes(accepted.cookieHeader)
        }
        rule = accepted.rule ?? ""
        okSize = grant.headers.count + extra.count
        metadataSize = grant.metadata.count + (rule.isEmpty ? 0 : RuleEntry.size(rule))
        count = 2 + Varint.size(okSize) + 1 + okSize + (metadataSize == 0 ? 0 : 1 + Varint.size(metadataSize) + metadataSize)
    }

    func write(to bytes: inout [UInt8]) {
        bytes.append(0x0a)  // status: OK
        bytes.append(0)
        bytes.append(0x1a)  // ok_response
        Varint.append(okSize, to: &bytes)
        bytes.append(contentsOf: grant.headers)
        bytes.append(contentsOf: extra)
        guard metadataSize > 0 else { return }
        bytes.append(0x22)  // dynamic_metadata
        Varint.append(metadataSize, to: &bytes)
        bytes.append(contentsOf: grant.metadata)
        if !rule.isEmpty { RuleEntry.append(rule, to: &bytes) }
    }
}

/// The entry `rule` of a `google.protobuf.Struct`: `fields` {key 1: "rule", value 2: {string_value 3: …}}.
private enum RuleEntry {
    private static let key = Array("rule".utf8)

    static func size(_ rule: String) -> Int {
        let entry = entrySize(rule)
        return 1 + Varint.size(entry) + entry
    }

    private static func entrySize(_ rule: String) -> Int {
        2 + key.count + 1 + Varint.size(valueSize(rule)) + valueSize(rule)
    }

    private static func valueSize(_ rule: String) -> Int { 1 + Varint.size(rule.utf8.count) + rule.utf8.count }

    static func append(_ rule: String, to bytes: inout [UInt8]) {
        bytes.append(0x0a)
        Varint.append(entrySize(rule), to: &bytes)
        bytes.append(0x0a)
        bytes.append(UInt8(truncatingIfNeeded: key.count))
        bytes.append(contentsOf: key)
        bytes.append(0x12)
        Varint.append(valueSize(rule), to: &bytes)
        bytes.append(0x1a)
        Varint.append(rule.utf8.count, to: &bytes)
        bytes.append(contentsOf: rule.utf8)
    }
}

/// Protobuf's variable-length integers, for sizes.
enum Varint {
    static func size(_ value: Int) -> Int {
        var size = 1
        var rest = value >> 7
        while rest > 0 {
            size += 1
            rest >>= 7
        }
        return size
    }

    static func append(_ value: Int, to bytes: inout [UInt8]) {
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest & 0x7f | 0x80))
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
