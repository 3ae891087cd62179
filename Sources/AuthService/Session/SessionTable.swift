import JOSE

/// Sessions by their key, in open addressing with linear probing: the keys are digests, and so are as good as hashes.
struct SessionTable {
    private var slots: [CachedSession?] = Array(repeating: nil, count: 64)
    private var tags: [UInt64] = Array(repeating: 0, count: 64)
    private(set) var count = 0
    private(set) var bytes = 0
    /// Of those who have looked for a session: how many found one that is good, and how many did not.
    var hits: UInt64 = 0
    var misses: UInt64 = 0
    private var hand = 0

    private var mask: Int { slots.count - 1 }

    func entry(_ key: SessionKey) -> CachedSession? {
        index(of: key).flatMap { slots[$0] }
    }

    mutating func insert(_ entry: CachedSession) {
        remove(entry.key)
        if (count + 1) * 4 > slots.count * 3 { grow() }
        place(entry)
        count += 1
        bytes += entry.size
    }

    @discardableResult
    mutating func remove(_ key: SessionKey) -> CachedSession? {
        guard var hole = index(of: key), let removed = slots[hole] else { return nil }
        count -= 1
        bytes -= removed.size
        clear(hole)
        // What stands behind the hole moves up, or it would not be found any more.
        var next = (hole + 1) & mask
        while let entry = slots[next] {
            let home = Self.home(entry.key, mask)
            if (next - home) & mask >= (next - hole) & mask {
                slots[hole] = entry
                tags[hole] = tags[next]
                clear(next)
                hole = next
            }
            next = (next + 1) & mask
        }
        return removed
    }

    /// Drops, of a few that stand together, the one that was not used for the longest time, until no more than `limit` bytes are
    /// taken.
    mutating func shrink(to limit: Int) {
        while bytes > limit, let oldest = nextVictim() { remove(oldest.key) }
    }

    /// What has been counted stays.
    mutating func removeAll() {
        let (hits, misses) = (hits, misses)
        self = SessionTable()
        (self.hits, self.misses) = (hits, misses)
    }

    func forEach(_ body: (CachedSession) -> Void) {
        for case let entry? in slots { body(entry) }
    }

    private static let sample = 8

    private mutating func nextVictim() -> CachedSession? {
        var oldest: CachedSession?
        var seen = 0
        for _ in 0..<slots.count where seen < Self.sample {
            hand = (hand + 1) & mask
            guard let entry = slots[hand] else { continue }
            seen += 1
            if oldest.map({ entry.usedAt < $0.usedAt }) ?? true { oldest = entry }
        }
        return oldest
    }

    private func index(of key: SessionKey) -> Int? {
        let tag = Self.tag(key)
        var position = Self.home(key, mask)
        while tags[position] != 0 {
            if tags[position] == tag, slots[position]?.key == key { return position }
            position = (position + 1) & mask
        }
        return nil
    }

    private mutating func place(_ entry: CachedSession) {
        var position = Self.home(entry.key, mask)
        while tags[position] != 0 { position = (position + 1) & mask }
        slots[position] = entry
        tags[position] = Self.tag(entry.key)
    }

    private mutating func clear(_ position: Int) {
        slots[position] = nil
        tags[position] = 0
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: nil, count: old.count * 2)
        tags = Array(repeating: 0, count: old.count * 2)
        for case let entry? in old { place(entry) }
    }

    /// Never 0, which marks a free slot.
    private static func tag(_ key: SessionKey) -> UInt64 { key.hash.words.0 | 1 }

    private static func home(_ key: SessionKey, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: key.hash.words.1) & mask
    }
}
