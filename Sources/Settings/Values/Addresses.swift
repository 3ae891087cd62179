extension ListenAddress {
    /// As it is written: IPv6 in brackets.
    package var text: String {
        switch self {
        case .tcp(let host, let port): (host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host) + ":\(port)"
        case .unix(let path): "unix:" + path
        }
    }

    /// What the system takes as the path of a socket (`sun_path`), its final zero left out.
    fileprivate static let longestPath = 107
}

extension CIDRBlock {
    /// `address/prefix` with no bits behind the prefix, or one address.
    init(parsing text: String) throws(Complaint) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = HostName.address(parts[0]) else {
            throw Complaint("\(quoted(text)) is not a range of IP addresses", "write it like `10.0.0.0/8`")
        }
        let most = address.count * 8
        let length = parts.count == 1 ? most : Self.length(parts[1], atMost: most)
        guard let length else {
            throw Complaint("\(quoted(text)) has no prefix length of 0 to \(most)", "write it like `\(parts[0])/\(most)`")
        }
        self.init(address: address, prefixLength: length, text: text)
        if let mended = withoutSpareBits {
            throw Complaint("\(quoted(text)) has bits behind its prefix", "write the first address of the range, \(mended)")
        }
    }

    private static func length(_ text: String, atMost most: Int) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text).flatMap { $0 <= most ? $0 : nil }
    }

    /// What the range must be instead, in words; nil where it is right.
    private var withoutSpareBits: String? {
        var first = address
        for index in first.indices {
            let kept = min(8, max(0, prefixLength - index * 8))
            first[index] &= kept == 0 ? 0 : ~UInt8(truncatingIfNeeded: 0xff >> kept)
        }
        guard first != address else { return nil }
        return first.count == 4
            ? "`" + first.map { String($0) }.joined(separator: ".") + "/\(prefixLength)`" : "with zeros at the end"
    }
}

extension Shape where Value == ListenAddress {
    static func listenAddress() -> Shape {
        .scalar(.object([("type", .text("string"))]), show: { .text($0.text) }) { text throws(Complaint) in
            if text.hasPrefix("unix:") {
                let path = String(text.dropFirst("unix:".count))
                guard path.hasPrefix("/"), path.utf8.count <= ListenAddress.longestPath, !path.hasSuffix("/") else {
                    let mend =
                        "write an absolute path of at most \(ListenAddress.longestPath) bytes, like `unix:/run/gatehouse/web.sock`"
                    throw Complaint("\(quoted(text)) is no Unix socket to listen on", mend)
                }
                return .unix(path: path)
            }
            guard let (host, port) = HostName.parseWithPort(text[...]), let port else {
                throw Complaint(
                    "\(quoted(text)) is not `host:port`", "write it like `127.0.0.1:9000`, `[::1]:9000` or `unix:/path`")
            }
            return .tcp(host: host, port: port)
        }
    }
}

extension Shape where Value == CIDRBlock {
    static func addressRange() -> Shape {
        .scalar(.object([("type", .text("string"))]), show: { .text($0.text) }) { text throws(Complaint) in
            try CIDRBlock(parsing: text)
        }
    }
}
