import Testing

/// One rule of RFC 9113 that a server could break: these bytes behind the preface and SETTINGS, and what has to come.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    let section: String
    let name: String
    let bytes: [UInt8]
    let answer: [String]

    init(_ section: String, _ name: String, _ bytes: [UInt8], _ answer: [String]) {
        self.section = section
        self.name = name
        self.bytes = bytes
        self.answer = answer
    }

    /// The connection ends with this code.
    init(_ section: String, _ name: String, _ bytes: [UInt8], goAway code: String) {
        self.init(section, name, bytes, ["GOAWAY \(code)", "closed"])
    }

    /// The stream ends with this code, and a call on stream 9 is served nevertheless.
    init(_ section: String, _ name: String, _ bytes: [UInt8], reset code: String, stream: Int = 1) {
        self.init(section, name, bytes + Frames.call(9), ["\(stream) RST \(code)"] + Self.served(9))
    }

    /// The bytes have no effect: a call on stream 9 is served.
    init(_ section: String, ignored name: String, _ bytes: [UInt8]) {
        self.init(section, name, bytes + Frames.call(9), Self.served(9))
    }

    /// What a call of the health service gets.
    static func served(_ stream: Int) -> [String] {
        ["\(stream) HEADERS 200", "\(stream) DATA 7", "\(stream) END grpc-status 0"]
    }

    var testDescription: String { "\(section) \(name)" }
}
