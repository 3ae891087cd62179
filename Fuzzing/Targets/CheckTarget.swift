import AuthService
import EnvoyAPI
import ExtAuthz
import SwiftProtobuf
import Web

extension FuzzTarget {
    /// Envoy's messages: read in place as SwiftProtobuf reads them, and what becomes a request is one.
    static let checkMessage = FuzzTarget("check-message", maximumBytes: 2048) { (input) throws(Violation) in
        let fields = CheckFields(input)
        if let message = try? EnvoyCheckRequest(serializedBytes: input, options: known) {
            if let fields { try compare(fields, message) }
            try readsWhatIsWritten(message)
        } else {
            try require(fields == nil, "what is no message to others is none to us")
        }
        guard let request = try? reader.read(input) else { return }
        try require(isRequest(request.http), "a request is well formed: \(request.http)")
    }

    /// What nobody knows is dropped: it may hold groups, which we refuse.
    private static let known: BinaryDecodingOptions = {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        return options
    }()

    private static func readsWhatIsWritten(_ message: EnvoyCheckRequest) throws(Violation) {
        guard let bytes: [UInt8] = try? message.serializedBytes() else { throw Violation(description: "it can be written") }
        guard let fields = CheckFields(bytes) else { throw Violation(description: "we read what is written") }
        try compare(fields, message)
    }

    private static let reader = CheckMessageReader(trusted: TrustedProxies(["10.0.0.0/8"].compactMap(AddressRange.init))) {
        "made"
    }

    private static func compare(_ fields: CheckFields, _ message: EnvoyCheckRequest) throws(Violation) {
        guard fields.headers.count <= 256 else { return }
        let http = message.attributes.request.http
        let address = message.attributes.source.address
        try require(fields.hasHTTP == message.attributes.request.hasHTTP, "there is a request in it")
        for (ours, theirs) in [
            (fields.method, http.method), (fields.path, http.path), (fields.host, http.host), (fields.scheme, http.scheme),
            (fields.sourceAddress, address.socketAddress.address), (fields.sourcePipe, address.pipe.path),
            (fields.body, http.body),
        ] {
            try require(sameBytes(fields.text(ours), theirs), "the same text: \(fields.text(ours)), \(theirs)")
        }
        try require(Array(fields.bytes[fields.rawBody.range]) == [UInt8](http.rawBody), "the same body")
        let ours = fields.headers.map { "\(fields.text($0.name)): \(Array(fields.bytes[$0.value.range]))" }
        if http.hasHeaderMap {
            let theirs = http.headerMap.headers.map { header in
                "\(header.key): \(header.rawValue.isEmpty ? Array(header.value.utf8) : Array(header.rawValue))"
            }
            try require(ours == theirs, "the same lines: \(ours), \(theirs)")
        } else {
            let theirs = http.headers.map { "\($0.key): \(Array($0.value.utf8))" }
            try require(ours.sorted() == theirs.sorted(), "the same headers: \(ours), \(theirs)")
        }
    }

    private static func isRequest(_ request: WebRequest) -> Bool {
        isVisible(request.method) && isVisible(request.authority) && isVisible(request.target)
            && request.target.utf8.first == UInt8(ascii: "/") && ["http", "https"].contains(request.scheme)
            && request.headers.fields.allSatisfy { field in
                isVisible(field.name) && field.name.utf8.first != UInt8(ascii: ":")
                    && !field.value.utf8.contains { [0, 0x0a, 0x0d].contains($0) }
            }
    }

    private static func isVisible(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f } }
}
