/// From a node and the name of a step to the next node: one open-addressing table over flat arrays, read without allocating.
struct EdgeTable: Sendable {
    private struct Slot {
        /// `vacant` where nothing is.
        var parent: UInt32
        var child: UInt32
        /// Where the name is among `names`.
        var offset: UInt32
        var count: UInt32
    }

    private static let vacant = UInt32.max
    /// A power of two, at least twice as many as there are edges.
    private var slots = [Slot](repeating: Slot(parent: vacant, child: 0, offset: 0, count: 0), count: 16)
    private var names: [UInt8] = []
    private var edges = 0

    /// The node behind the step, if there is one.
    func child(of parent: UInt32, named name: Span<UInt8>) -> UInt32? {
        let slot = slots[place(parent, name)]
        return slot.parent == Self.vacant ? nil : slot.child
    }

    /// Makes a step to `child`.
    mutating func insert(_ child: UInt32, under parent: UInt32, named name: Span<UInt8>) {
        if edges * 2 >= slots.count { grow() }
        let offset = names.count
        for index in name.indices { names.append(name[index]) }
        slots[place(parent, name)] = Slot(
            parent: parent, child: child, offset: UInt32(truncatingIfNeeded: offset),
            count: UInt32(truncatingIfNeeded: name.count))
        edges += 1
    }

    /// The slot that has the step, or the vacant one where it would be.
    private func place(_ parent: UInt32, _ name: Span<UInt8>) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: Self.hash(parent, name)) & mask
        while true {
            let slot = slots[place]
            if slot.parent == Self.vacant || (slot.parent == parent && holds(slot, name)) { return place }
            place = (place + 1) & mask
        }
    }

    private func holds(_ slot: Slot, _ name: Span<UInt8>) -> Bool {
        guard Int(slot.count) == name.count else { return false }
        let offset = Int(slot.offset)
        for index in name.indices where names[offset + index] != name[index] { return false }
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(parent: Self.vacant, child: 0, offset: 0, count: 0), count: old.count * 2)
        for slot in old where slot.parent != Self.vacant {
            let start = Int(slot.offset)
            slots[place(slot.parent, names.span.extracting(start..<(start + Int(slot.count))))] = slot
        }
    }

    /// FNV-1a over the name, begun at the parent. What is looked up comes from clients, what is in the table does not: nobody can
    /// make chains grow.
    private static func hash(_ parent: UInt32, _ name: Span<UInt8>) -> UInt64 {
        var hash = (0xcbf2_9ce4_8422_2325 ^ UInt64(parent)) &* 0x0000_0100_0000_01b3
        for index in name.indices { hash = (hash ^ UInt64(name[index])) &* 0x0000_0100_0000_01b3 }
        return hash ^ hash >> 29
    }
}
