/// Where rules are found: from a host to a tree of path segments, whose nodes list the rules that apply there.
///
/// Rules for all hosts stand in one tree, those for a host, or for all below one, in a tree of its own: a request walks the common
/// tree, its host's, and one for each suffix of its host that rules name. How many rules there are does not matter, only how many
/// apply where the request goes by.
struct RuleTrie: Sendable {
    /// Rules that apply at a node; ascending, since they are added in the order of the file.
    struct Candidate: Sendable {
        var rule: UInt32
        var methods: MethodNumbers.Set
    }

    /// Some of an array, by position.
    struct Part: Sendable {
        var start: UInt32 = 0
        var end: UInt32 = 0
    }

    /// What applies at a node: rules without and with conditions apart, since the latter need the whole request.
    struct Lists: Sendable {
        /// Where the path ends here.
        var exact = Part()
        /// Where it ends here or goes on.
        var below = Part()
    }

    struct Node: Sendable {
        var plain = Lists()
        var conditional = Lists()
        var globs = Part()
        /// The node behind `**`; 0, the root, for none.
        var deep: UInt32 = 0
    }

    /// A step that takes more than one name.
    struct Glob: Sendable {
        var suffix: [UInt8]
        var child: UInt32
    }

    static let root: UInt32 = 0
    /// What stands for parents of the hosts' trees in `edges`: no node has such a number.
    static let exactHosts = UInt32.max - 1
    static let suffixes = UInt32.max - 2

    var edges = EdgeTable()
    var nodes: [Node] = []
    var globs: [Glob] = []
    var candidates: [Candidate] = []
    /// Bytes of the longest host suffix that rules name, its dot included.
    var longestSuffix = 0
    var hasConditions = false
}

/// A walk for the first rule that applies: one over the rules without conditions, then one over those with conditions that come
/// before what the first has found.
struct RuleSearch {
    /// The lowest number found so far.
    var rule = UInt32.max
    let method: MethodNumbers.Set
    var isConditional = false
}

extension RuleTrie {
    /// - Parameters:
    ///   - path: begins with `/`.
    ///   - holds: whether the conditions of a rule hold; asked on the walk for these only.
    func search(_ search: inout RuleSearch, host: Span<UInt8>, path: Span<UInt8>, holds: (Int) -> Bool) {
        follow(path, from: Self.root, at: 1, &search, holds)
        if let tree = edges.child(of: Self.exactHosts, named: host) { follow(path, from: tree, at: 1, &search, holds) }
        var start = max(1, host.count - longestSuffix)
        while start < host.count {
            if host[start] == UInt8(ascii: "."),
                let tree = edges.child(of: Self.suffixes, named: host.extracting(start..<host.count))
            {
                follow(path, from: tree, at: 1, &search, holds)
            }
            start += 1
        }
    }

    /// - Parameter start: where the next segment begins; behind the path's end where there is none.
    private func follow(
        _ path: Span<UInt8>, from first: UInt32, at start: Int, _ search: inout RuleSearch, _ holds: (Int) -> Bool
    ) {
        var number = first
        var start = start
        while true {
            let node = nodes[Int(number)]
            let lists = search.isConditional ? node.conditional : node.plain
            consider(lists.below, &search, holds)
            guard start <= path.count else { return consider(lists.exact, &search, holds) }
            if node.deep != 0 { followDeep(path, from: node.deep, at: start, &search, holds) }
            let end = Self.segmentEnd(path, start)
            let segment = path.extracting(start..<end)
            for index in node.globs.start..<node.globs.end {
                let glob = globs[Int(index)]
                if Self.matches(glob.suffix, segment) { follow(path, from: glob.child, at: end + 1, &search, holds) }
            }
            guard let next = edges.child(of: number, named: segment) else { return }
            number = next
            start = end + 1
        }
    }

    /// `**`: tries every place where the rest of the pattern may begin. Patterns have one `**` at most, so this does not nest.
    private func followDeep(
        _ path: Span<UInt8>, from node: UInt32, at start: Int, _ search: inout RuleSearch, _ holds: (Int) -> Bool
    ) {
        var start = start
        while start <= path.count {
            follow(path, from: node, at: start, &search, holds)
            start = Self.segmentEnd(path, start) + 1
        }
    }

    private func consider(_ part: Part, _ search: inout RuleSearch, _ holds: (Int) -> Bool) {
        for index in part.start..<part.end {
            let candidate = candidates[Int(index)]
            if candidate.rule >= search.rule { return }
            guard candidate.methods & search.method != 0 else { continue }
            if search.isConditional, !holds(Int(candidate.rule)) { continue }
            search.rule = candidate.rule
            return
        }
    }

    private static func segmentEnd(_ path: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        return end
    }

    private static func matches(_ suffix: [UInt8], _ segment: Span<UInt8>) -> Bool {
        guard segment.count > 0, segment.count >= suffix.count else { return false }
        return isEqual(suffix, segment.extracting((segment.count - suffix.count)..<segment.count))
    }
}
