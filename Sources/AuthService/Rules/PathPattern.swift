/// A path, compared by bytes with the request's normalised path.
package enum PathPattern: Sendable {
    case exact([UInt8])
    /// `/x/*`, held as `/x/`: everything below, and `/x` itself: whoever closes `/admin/*` means `/admin` too.
    case below(prefix: [UInt8])
    /// `/users/*/settings`: segments of which some are open. At most one of them is `anySegments`, and never the last.
    case glob([Segment], isBelow: Bool)

    /// What stands between two slashes of a pattern.
    package enum Segment: Sendable, Hashable {
        case literal([UInt8])
        /// `*`, or `*.css`, held as `.css`: one segment that is not empty and ends so.
        case one(suffix: [UInt8])
        /// `**`: any number of segments, none included.
        case anySegments
    }

    /// The pattern as the segments behind the first slash, and whether everything below them is meant too.
    var segments: (segments: [Segment], isBelow: Bool) {
        switch self {
        case .exact(let path): (Self.split(path.dropFirst()), false)
        case .below(let prefix): (prefix.count > 1 ? Self.split(prefix.dropFirst().dropLast()) : [], true)
        case .glob(let segments, let isBelow): (segments, isBelow)
        }
    }

    private static func split(_ path: ArraySlice<UInt8>) -> [Segment] {
        path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { .literal(Array($0)) }
    }
}
