extension RequestPath {
    /// Resolves dot segments (RFC 3986, section 5.2.4) and merges slashes.
    ///
    /// `/a//../b` is `/b` to those who merge first and `/a/b` to those who resolve first: refused, and so is `/a/;x/../b`, which
    /// is the same to those who know path parameters.
    static func resolveSegments(_ path: [UInt8]) throws(RequestPathRefusal) -> [UInt8] {
        var segments: [ArraySlice<UInt8>] = []
        let parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch try DotSegment(part) {
            case .none: segments.append(part)
            case .same: if isLast { segments.append([]) }
            case .parent:
                guard let dropped = segments.popLast() else { throw .aboveRoot }
                guard let first = dropped.first, first != UInt8(ascii: ";") else { throw .disguisedDotSegment }
                if isLast { segments.append([]) }
            }
        }
        return join(segments)
    }

    /// Without the empty segments, but a slash at the end stays.
    static func join(_ segments: [ArraySlice<UInt8>]) -> [UInt8] {
        var path: [UInt8] = []
        for segment in segments where !segment.isEmpty {
            path.append(UInt8(ascii: "/"))
            path += segment
        }
        if segments.last?.isEmpty ?? true { path.append(UInt8(ascii: "/")) }
        return path
    }

    private enum DotSegment {
        case none
        case same
        case parent

        /// Servers that know path parameters read `..;x` as `..`, the others as a name: refused.
        init(_ segment: ArraySlice<UInt8>) throws(RequestPathRefusal) {
            let dot = UInt8(ascii: ".")
            let name = segment.prefix { $0 != UInt8(ascii: ";") }
            let isDots = (1...2).contains(name.count) && name.allSatisfy { $0 == dot }
            if isDots && name.count != segment.count { throw .disguisedDotSegment }
            switch (isDots, name.count) {
            case (true, 1): self = .same
            case (true, _): self = .parent
            default: self = .none
            }
        }
    }
}
