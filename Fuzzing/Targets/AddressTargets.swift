import ExtAuthz
import Web

extension FuzzTarget {
    /// Paths that rules are matched against.
    static let requestPath = FuzzTarget("request-path", maximumBytes: 512) { (input) throws(Violation) in
        let target = String(decoding: input, as: UTF8.self)
        let isPlain = NormalForm.isPath(input.span)
        guard let path = try? RequestPath(target: target) else {
            return try require(!isPlain, "what is taken as it stands is a path")
        }
        try require(!isPlain || path.bytes == input && path.bytesWithoutParameters == nil, "what is taken as it stands stays so")
        try require(isCanonical(path.bytes), "the path is canonical: \(path.string)")
        try require(path.string.utf8.elementsEqual(path.bytes), "text and bytes are the same")
        try require((try? RequestPath(target: path.string)) == path, "reading the path again changes nothing: \(path.string)")
        try require((try? RequestPath(target: target + "?/../x")) == path, "a query behind it changes nothing")
        if let other = path.bytesWithoutParameters {
            try require(!other.contains(UInt8(ascii: ";")), "no parameter is left")
            try require(isCanonical(other), "the path without parameters is canonical: \(String(decoding: other, as: UTF8.self))")
        }
        if let stripped = try? RequestPath(target: withoutParameters(target)) {
            try require(
                stripped.bytes == path.bytesWithoutParameters ?? path.bytes, "parameters first or last: \(stripped.string)")
        }
    }

    /// As a server reads it that takes parameters away before anything else.
    private static func withoutParameters(_ target: String) -> String {
        let path = target.replacing("%3b", with: ";").replacing("%3B", with: ";").utf8.prefix { $0 != UInt8(ascii: "?") }
        let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let names = segments.map { String(decoding: $0.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self) }
        return names.joined(separator: "/")
    }

    /// One `/` in front, none doubled, no dot segment, nothing that servers read in two ways.
    private static func isCanonical(_ path: [UInt8]) -> Bool {
        guard path.first == UInt8(ascii: "/"), path.allSatisfy({ (0x21...0x7e).contains($0) }) else { return false }
        guard !path.contains(where: { "\\#?".utf8.contains($0) }) else { return false }
        let segments = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard segments.dropLast().allSatisfy({ !$0.isEmpty }) else { return false }
        guard !segments.contains(where: { [".", ".."].contains(String(decoding: $0, as: UTF8.self)) }) else { return false }
        return escapesAreNeeded(path)
    }

    /// Every escape has upper-case digits, and stands for what cannot stand there itself.
    private static func escapesAreNeeded(_ path: [UInt8]) -> Bool {
        path.indices.filter { path[$0] == UInt8(ascii: "%") }.allSatisfy { index in
            let digits = String(decoding: path[(index + 1)...].prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, digits == digits.uppercased(), let value = UInt8(digits, radix: 16) else {
                return false
            }
            return value == 0x20 || value >= 0x80 || "%?#".utf8.contains(value)
        }
    }

    /// Hosts, and origins made of them.
    static let requestHost = FuzzTarget("request-host", maximumBytes: 300) { (input) throws(Violation) in
        let text = String(decoding: input, as: UTF8.self)
        let host = RequestHost(text)
        if let count = NormalForm.hostName(input.span) {
            try require(host?.name.utf8.elementsEqual(input.prefix(count)) == true, "what is taken as it stands is the host")
        }
        if let host {
            try require(host.name == host.name.lowercased() && host.name.utf8.last != UInt8(ascii: "."), "normalised: \(host)")
            try require(host.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"/@,?#%\\".utf8.contains($0) }, "plain: \(host)")
            let again = RequestHost(host.name + (host.port.map { ":\($0)" } ?? ""))
            try require(again == host, "reading the host again changes nothing: \(host)")
        }
        for scheme in ["http", "https"] {
            guard let origin = Origin(scheme: scheme, authority: text) else { continue }
            try require(Origin("\(origin)") == origin, "reading the origin again changes nothing: \(origin)")
        }
        if let origin = Origin(text) {
            try require(Origin("\(origin)/x?y#z") == origin, "reading the origin again changes nothing: \(origin)")
        }
    }

    /// `x-forwarded-for`: the client's address is one that stands there, and nothing else.
    static let forwardedFor = FuzzTarget("forwarded-for", maximumBytes: 400) { (input) throws(Violation) in
        let proxies = TrustedProxies(["10.0.0.0/8", "::1/128", "fc00::/7"].compactMap(AddressRange.init))
        let lines = input.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        guard let client = proxies.client(forwardedFor: lines) else { return }
        try require(IPAddress(client) != nil, "an address: \(client)")
        try require(client.utf8.allSatisfy { $0.isAddressByte }, "an address and nothing else: \(client)")
        try require(lines.contains { $0.contains(client) }, "one that was sent: \(client)")
    }
}

extension UInt8 {
    fileprivate var isAddressByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
