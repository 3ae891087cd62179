import Yams

extension Shape where Value == String {
    private static var schema: SchemaNode { .object([("type", .text("string")), ("minLength", .integer(1))]) }

    /// Text for people or names of other systems: not empty, one line, at most 1024 bytes.
    static func text() -> Shape {
        Shape(
            schema: schema,
            read: { node, reading in
                guard let text = reading.text(node) else { return nil }
                guard !text.isEmpty else { return reading.refuse("nothing stands here", "write a value", node) }
                let isOneLine = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
                guard isOneLine, text.utf8.count <= 1024 else {
                    return reading.refuse("the text is not one line of at most 1024 bytes", "shorten it", node)
                }
                return text
            },
            show: { .text($0) })
    }

    /// Text of certain ASCII characters only. `allowed` says which, in words for the message.
    static func token(_ what: String, _ allowed: String, atMost most: Int, _ isAllowed: @escaping @Sendable (UInt8) -> Bool)
        -> Shape
    {
        .scalar(schema, show: { .text($0) }) { text throws(Complaint) in
            guard !text.isEmpty, text.utf8.count <= most, text.utf8.allSatisfy(isAllowed) else {
                throw Complaint("\(quoted(text)) is not \(what)", "use 1 to \(most) \(allowed)")
            }
            return text
        }
    }

    /// A name in URLs and logs.
    static func id() -> Shape {
        token("an id", "letters, digits and `-._~`", atMost: 64) { isAlphanumeric($0) || "-._~".utf8.contains($0) }
    }

    /// A client identifier (RFC 6749, appendix A.1), without spaces.
    static func clientID() -> Shape {
        token("a client id", "visible ASCII characters", atMost: 255) { (0x21...0x7e).contains($0) }
    }

    /// One scope (RFC 6749, appendix A.4).
    static func scope() -> Shape {
        token("a scope", "visible ASCII characters without quotes and backslashes", atMost: 255) {
            (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
    }

    /// A name that HTTP takes as a token (RFC 9110, section 5.6.2).
    static func httpToken(_ what: String) -> Shape {
        token(what, "letters, digits and ``!#$%&'*+-.^_`|~``", atMost: 128, isTokenByte)
    }

    /// A file, from the configuration file's folder.
    static func file() -> Shape {
        text().then(show: { .text($0) }) { text, node, reading in
            if reading.isStored, !text.hasPrefix("/") {
                return reading.refuse(
                    "the path \(quoted(text)) is not absolute", "write that of the file on the machines of the provider", node)
            }
            let path = reading.path(of: text)
            reading.mark(node, as: .file(path: path))
            return path
        }
    }
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

/// `tchar` of RFC 9110, section 5.6.2.
func isTokenByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte) }

extension Shape where Value == Bool {
    static func boolean() -> Shape {
        Shape(
            schema: .object([("type", .text("boolean"))]),
            read: { node, reading in
                switch node.scalar?.string {
                case "true": true
                case "false": false
                default: reading.refuse("`true` or `false` belongs here", "write one of them", node)
                }
            },
            show: { .boolean($0) })
    }
}

extension Shape where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the type's names, or of some of them; `notYet` are names that are promised, but not built.
    static func choice(of values: [Value] = Array(Value.allCases), notYet: [String] = []) -> Shape {
        let names = values.map(\.rawValue)
        return .scalar(.object([("enum", .array(names.map { .text($0) }))]), show: { .text($0.rawValue) }) {
            text throws(Complaint) in
            if names.contains(text), let value = Value(rawValue: text) { return value }
            let list = names.map { "`\($0)`" }.joined(separator: ", ")
            if notYet.contains(text) { throw Complaint("`\(text)` is not supported by this version yet", "write \(list)") }
            throw Complaint("\(quoted(text)) is not known here", "write one of \(list)")
        }
    }
}

extension Reading {
    /// Notes a problem and gives nil, for readers that end with it.
    func refuse<Value>(_ what: String, _ mend: String, _ node: Node) -> Value? {
        error(what, mend, at: node)
        return nil
    }

    /// A path in the file, from the working directory: relative ones begin at the configuration file's folder.
    func path(of text: String) -> String { text.hasPrefix("/") ? text : folder + text }
}
