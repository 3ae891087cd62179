import Yams

/// `listen.web` and its neighbours in their long form; the address alone is the short one.
enum ListenerSection {
    static let address = Key.required(
        "address", .listenAddress(), standIn: .tcp(host: "127.0.0.1", port: 0), "`host:port` or `unix:/path`.")
    static let tls = Key.optional("tls", TLSSection.section.shape, "TLS; clear text without it.")

    static let section = Section("listener", [address.listed, tls.listed]) { fields in
        ListenerSettings(address: fields(address), tls: fields(tls))
    }
}

extension Shape where Value == ListenerSettings {
    /// `host:port`, `unix:/path`, or a mapping with `address` and `tls`.
    static func listener() -> Shape {
        let address = Shape<ListenAddress>.listenAddress()
        let section = ListenerSection.section.shape
        return Shape(
            schema: .object([("oneOf", .array([address.schema, section.schema]))]),
            read: { node, reading in
                if case .mapping = node { return section.read(node, reading) }
                return address.read(node, reading).map { ListenerSettings(address: $0, tls: nil) }
            },
            show: { address.show($0.address) })
    }
}
