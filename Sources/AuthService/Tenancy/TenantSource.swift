import Web

/// Where the name of a tenant stands in a request.
package enum TenantSource: Sendable, Equatable {
    /// One label in front of this suffix, its dot included: `.apps.example.com`.
    case host(suffix: String)
    /// The segment behind this prefix, its slash at the end included: `/team/`.
    case path(prefix: [UInt8])
    /// Lower case; one line.
    case header(name: String)
}

extension TenantSource {
    /// The tenant that a request is for. `nil` where it names none, or none that two readers would read alike: letters, digits, `-`,
    /// `_` and `.` only, at most 128 of them.
    func tenant(host: Span<UInt8>, path: Span<UInt8>, of request: CheckRequest) -> String? {
        switch self {
        case .host(let suffix): Self.name(Self.label(of: host, before: Array(suffix.utf8)))
        case .path(let prefix): Self.name(Self.segment(of: path, behind: prefix))
        case .header(let name):
            request.http.headers.all(name).count == 1
                ? request.http.headers.first(name).flatMap { Self.name(Array($0.utf8)) } : nil
        }
    }

    private static func label(of host: Span<UInt8>, before suffix: [UInt8]) -> [UInt8]? {
        let count = host.count - suffix.count
        guard count > 0, isEqual(suffix, host.extracting(count..<host.count)) else { return nil }
        let label = (0..<count).map { host[$0] }
        return label.contains(UInt8(ascii: ".")) ? nil : label
    }

    private static func segment(of path: Span<UInt8>, behind prefix: [UInt8]) -> [UInt8]? {
        guard path.count > prefix.count, isEqual(prefix, path.extracting(0..<prefix.count)) else { return nil }
        let rest = (prefix.count..<path.count).map { path[$0] }
        return Array(rest.prefix { $0 != UInt8(ascii: "/") })
    }

    /// `nil` for what is no name.
    static func name(_ bytes: [UInt8]?) -> String? {
        guard let bytes, (1...128).contains(bytes.count), bytes.allSatisfy(isNameByte) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
