/// A client's first message, made by hand so that it can be wrong.
struct ClientHelloBytes {
    /// The extensions, each as type and data; nil: no list of extensions at all.
    var extensions: [(UInt16, [UInt8])]? = []
    /// Into how many records the message is cut.
    var records = 1

    /// A client that offers these protocols beside a server name.
    static func offering(_ names: [String]) -> ClientHelloBytes {
        let list = names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        return ClientHelloBytes(extensions: [(0, [0, 1, 2]), (16, vector16(list)), (43, [2, 3, 4])])
    }

    var bytes: [UInt8] {
        var body: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32)
        body += [0]  // session id
        body += Self.vector16([0x13, 0x01]) + [1, 0]
        if let extensions {
            body += Self.vector16(
                extensions.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xff)] + Self.vector16($0.1) })
        }
        let message = [1, 0, UInt8(body.count >> 8), UInt8(body.count & 0xff)] + body
        let size = (message.count + records - 1) / records
        return stride(from: 0, to: message.count, by: size).flatMap { start in
            [22, 3, 1] + Self.vector16(Array(message[start..<min(start + size, message.count)]))
        }
    }

    static func vector16(_ content: [UInt8]) -> [UInt8] {
        [UInt8(content.count >> 8), UInt8(content.count & 0xff)] + content
    }
}
