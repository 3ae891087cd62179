/// Puts rules into a trie, one by one in the order of the file, and flattens it in the end.
struct RuleTrieBuilder {
    private struct Node {
        var plain = Lists()
        var conditional = Lists()
        var globs: [RuleTrie.Glob] = []
        var deep: UInt32 = 0
        /// The methods of which every request that comes by here is taken by a rule already: later ones need not be listed.
        var coveredBelow: MethodNumbers.Set = 0
        var coveredExact: MethodNumbers.Set = 0
    }

    private struct Lists {
        var exact: [RuleTrie.Candidate] = []
        var below: [RuleTrie.Candidate] = []
    }

    private var trie = RuleTrie()
    private var nodes = [Node()]

    /// - Parameter isConditional: whether the request as a whole has to be asked.
    mutating func add(_ rule: Rule, number: Int, methods: MethodNumbers.Set, isConditional: Bool) {
        let candidate = RuleTrie.Candidate(rule: UInt32(truncatingIfNeeded: number), methods: methods)
        if isConditional { trie.hasConditions = true }
        let patterns = rule.paths.isEmpty ? [PathPattern.below(prefix: [UInt8(ascii: "/")])] : rule.paths
        for tree in trees(for: rule.hosts) {
            for pattern in patterns { add(candidate, pattern, from: tree, isConditional) }
        }
    }

    private mutating func trees(for hosts: [HostPattern]) -> [UInt32] {
        guard !hosts.isEmpty else { return [RuleTrie.root] }
        var trees: [UInt32] = []
        for host in hosts {
            switch host {
            case .exact(let name): trees.append(step(from: RuleTrie.exactHosts, name: Array(name.utf8)))
            case .below(let suffix):
                trie.longestSuffix = max(trie.longestSuffix, suffix.utf8.count)
                trees.append(step(from: RuleTrie.suffixes, name: Array(suffix.utf8)))
            }
        }
        return trees
    }

    private mutating func add(
        _ candidate: RuleTrie.Candidate, _ pattern: PathPattern, from tree: UInt32, _ isConditional: Bool
    ) {
        let (segments, isBelow) = pattern.segments
        let end = Int(segments.reduce(tree) { step(from: $0, $1) })
        let covered = isBelow ? nodes[end].coveredBelow : nodes[end].coveredBelow | nodes[end].coveredExact
        // Hidden by what stands here already, or the same pattern twice in one rule.
        guard candidate.methods & ~covered != 0 else { return }
        switch (isConditional, isBelow) {
        case (true, true): nodes[end].conditional.below.append(candidate)
        case (true, false): nodes[end].conditional.exact.append(candidate)
        case (false, true):
            nodes[end].plain.below.append(candidate)
            nodes[end].coveredBelow |= candidate.methods
        case (false, false):
            nodes[end].plain.exact.append(candidate)
            nodes[end].coveredExact |= candidate.methods
        }
    }

    private mutating func step(from node: UInt32, _ segment: PathPattern.Segment) -> UInt32 {
        switch segment {
        case .literal(let name): return step(from: node, name: name)
        case .one(let suffix):
            if let glob = nodes[Int(node)].globs.first(where: { $0.suffix == suffix }) { return glob.child }
            let child = newNode()
            nodes[Int(node)].globs.append(RuleTrie.Glob(suffix: suffix, child: child))
            return child
        case .anySegments:
            if nodes[Int(node)].deep != 0 { return nodes[Int(node)].deep }
            let child = newNode()
            nodes[Int(node)].deep = child
            return child
        }
    }

    private mutating func step(from parent: UInt32, name: [UInt8]) -> UInt32 {
        if let child = trie.edges.child(of: parent, named: name.span) { return child }
        let child = newNode()
        trie.edges.insert(child, under: parent, named: name.span)
        return child
    }

    private mutating func newNode() -> UInt32 {
        nodes.append(Node())
        return UInt32(truncatingIfNeeded: nodes.count - 1)
    }

    /// The trie with all rules added so far, in arrays that a search reads in place.
    func build() -> RuleTrie {
        var trie = trie
        trie.nodes = nodes.map { node in
            RuleTrie.Node(
                plain: Self.flatten(node.plain, into: &trie.candidates),
                conditional: Self.flatten(node.conditional, into: &trie.candidates),
                globs: Self.append(node.globs, to: &trie.globs), deep: node.deep)
        }
        return trie
    }

    private static func flatten(_ lists: Lists, into candidates: inout [RuleTrie.Candidate]) -> RuleTrie.Lists {
        RuleTrie.Lists(exact: append(lists.exact, to: &candidates), below: append(lists.below, to: &candidates))
    }

    private static func append<Element>(_ elements: [Element], to all: inout [Element]) -> RuleTrie.Part {
        let start = UInt32(truncatingIfNeeded: all.count)
        all += elements
        return RuleTrie.Part(start: start, end: UInt32(truncatingIfNeeded: all.count))
    }
}
