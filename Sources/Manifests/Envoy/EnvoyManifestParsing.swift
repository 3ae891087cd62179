extension EnvoyManifest.Listener {
    /// `grpc=host:port` or `http=host:port`; nil for anything else.
    package init?(parsing text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let mode = EnvoyManifest.Mode(rawValue: String(parts[0])),
            let address = NetworkAddress(parsing: String(parts[1]))
        else { return nil }
        self.init(mode: mode, address: address)
    }
}

extension EnvoyManifest.Upstream {
    /// `/prefix/=host:port`; nil for anything else. The prefix starts with a slash and is compared byte for byte with the
    /// normalised path, so it holds visible ASCII only and no query.
    package init?(parsing text: String) {
        guard let equals = text.utf8.lastIndex(of: UInt8(ascii: "=")) else { return nil }
        let prefix = text[..<equals]
        guard prefix.utf8.first == UInt8(ascii: "/"), prefix.utf8.allSatisfy(Self.isPathByte),
            let address = NetworkAddress(parsing: String(text[text.utf8.index(after: equals)...]))
        else { return nil }
        self.init(prefix: String(prefix), address: address)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
    }
}
