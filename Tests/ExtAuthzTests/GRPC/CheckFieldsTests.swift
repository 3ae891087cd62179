import EnvoyAPI
import ExtAuthz
import SwiftProtobuf
import Testing
import Web

/// The reader in place, held against SwiftProtobuf's on the same bytes.
struct CheckFieldsTests {
    private static let messages: [EnvoyCheckRequest] = [
        CheckMessageReaderTests.message(),
        CheckMessageReaderTests.message {
            $0.headers = [:]
            $0.headerMap.headers = [
                .with { ($0.key, $0.rawValue) = (":path", .init([0x2f])) }, .with { ($0.key, $0.value) = ("accept", "a") },
                .with { ($0.key, $0.rawValue) = ("cookie", .init([0xff, 0x61])) }, .with { $0.key = "cookie" },
            ]
            $0.body = "é"
        },
        CheckMessageReaderTests.message {
            $0.headerMap = .init()
            $0.rawBody = .init([0, 1, 0xff])
            $0.id = "1"
        },
        .with {
            $0.attributes.source.address.pipe.path = "/run/envoy.sock"
            $0.attributes.request = .init()
        },
        EnvoyCheckRequest(),
    ]

    /// What both readers see, in one shape.
    private static func seen(_ fields: CheckFields) -> [String] {
        [
            "\(fields.hasHTTP)", fields.text(fields.method), fields.text(fields.path), fields.text(fields.host),
            fields.text(fields.scheme), "\(fields.bytes[fields.body.range])", "\(fields.bytes[fields.rawBody.range])",
            fields.text(fields.sourceAddress), fields.text(fields.sourcePipe),
        ] + fields.headers.map { "\(fields.text($0.name)): \(Array(fields.bytes[$0.value.range]))" }
    }

    private static func seen(_ message: EnvoyCheckRequest, inOrderOf fields: CheckFields) -> [String] {
        let http = message.attributes.request.http
        let address = message.attributes.source.address
        let order = fields.headers.map { fields.text($0.name) }
        let map = http.headers.sorted { (order.firstIndex(of: $0.key) ?? -1) < (order.firstIndex(of: $1.key) ?? -1) }
        let lines = http.headerMap.headers.map { header in
            let value = header.rawValue.isEmpty ? Array(header.value.utf8) : Array(header.rawValue)
            return "\(header.key): \(value)"
        }
        return [
            "\(message.attributes.request.hasHTTP)", http.method, http.path, http.host, http.scheme, "\([UInt8](http.body.utf8))",
            "\([UInt8](http.rawBody))", address.socketAddress.address, address.pipe.path,
        ] + (http.hasHeaderMap ? lines : map.map { "\($0.key): \(Array($0.value.utf8))" })
    }

    /// Both refuse the bytes, or both see the same.
    private func compare(_ bytes: [UInt8]) {
        let theirs = try? EnvoyCheckRequest(serializedBytes: bytes)
        guard let ours = CheckFields(bytes) else {
            #expect(theirs == nil, "\(bytes)")
            return
        }
        #expect(theirs.map { Self.seen($0, inOrderOf: ours) } == Self.seen(ours), "\(bytes)")
    }

    @Test(arguments: messages.indices) func messageIsReadTheSame(index: Int) throws {
        compare(try Self.messages[index].serializedBytes())
    }

    /// The parts of a message that comes in two are put together.
    @Test func partsAreMerged() throws {
        for first in Self.messages {
            for second in Self.messages {
                compare(try first.serializedBytes() + second.serializedBytes())
            }
        }
    }

    @Test func everyMessageCutShortIsReadTheSame() throws {
        for message in Self.messages {
            let bytes: [UInt8] = try message.serializedBytes()
            for count in 0..<bytes.count { compare([UInt8](bytes.prefix(count))) }
        }
    }

    @Test(arguments: 0..<20) func damagedMessageIsReadTheSame(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for message in Self.messages {
            let whole: [UInt8] = try message.serializedBytes()
            for _ in 0..<100 where !whole.isEmpty {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                compare(bytes)
            }
        }
    }

    @Test(
        arguments: [
            [0x0a], [0x0a, 0x01], [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x00], [0x02, 0x00],
            [0x0e],
            [0x0c], [0x0f], .init(repeating: 0x80, count: 11), .init(repeating: 0xff, count: 11), [0x09, 1, 2], [0x0d, 1, 2],
        ] as [[UInt8]])
    func bytesThatAreNoMessageAreRefused(bytes: [UInt8]) {
        #expect(CheckFields(bytes) == nil)
    }

    @Test(
        arguments: [
            [0x08, 0x01], [0x10, 0x96, 0x01], [0x19, 1, 2, 3, 4, 5, 6, 7, 8], [0x1d, 1, 2, 3, 4], [0x52, 0x01, 0xff],
        ] as [[UInt8]])
    func fieldsThatNobodyNeedsAreSkipped(bytes: [UInt8]) {
        #expect(CheckFields(bytes)?.hasHTTP == false)
    }
}
