/// Finds the number under which a run of bytes was added, without making an array of the bytes that are looked for.
package struct ByteIndex: Sendable {
    private struct Slot {
        let hash: Int
        let key: [UInt8]
        let number: Int
    }

    private var slots: [Slot?]
    package private(set) var count = 0

    package init() {
        slots = Array(repeating: nil, count: 16)
    }

    package func number(of key: Span<UInt8>) -> Int? {
        let hash = Self.hash(key)
        var position = hash & (slots.count - 1)
        while let slot = slots[position] {
            if slot.hash == hash, sameBytes(slot.key.span, key) { return slot.number }
            position = (position + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a key, or gives one that is there another number.
    package mutating func set(_ key: [UInt8], _ number: Int) {
        if (count + 1) * 2 > slots.count { grow() }
        if insert(Slot(hash: Self.hash(key.span), key: key, number: number)) { count += 1 }
    }

    /// `false`: it replaced one of the same key.
    private mutating func insert(_ slot: Slot) -> Bool {
        var position = slot.hash & (slots.count - 1)
        while let other = slots[position] {
            if other.hash == slot.hash, other.key == slot.key {
                slots[position] = slot
                return false
            }
            position = (position + 1) & (slots.count - 1)
        }
        slots[position] = slot
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: nil, count: old.count * 2)
        for case let slot? in old { _ = insert(slot) }
    }

    /// Seeded anew in every process: clients choose some of the keys.
    private static func hash(_ key: Span<UInt8>) -> Int {
        var hasher = Hasher()
        key.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
