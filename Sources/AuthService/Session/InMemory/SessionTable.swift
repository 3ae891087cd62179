import JOSE

/// Sessions by their key, in open addressing with linear probing: the keys are digests, and so are as good as hashes.
///
/// The sessions that were asked for last are there with all that checks have found out of them; all others rest.
struct SessionTable {
    fileprivate enum Slot {
        case free
        case awake(CachedSession)
        case resting(RestingSession)
    }

    private var slots: [Slot] = Array(repeating: .free, count: 64)
    private var tags: [UInt32] = Array(repeating: 0, count: 64)
    private(set) var count = 0
    private(set) var bytes = 0
    /// Of those who have looked for a session: how many found one that is good, and how many did not.
    var hits: UInt64 = 0
    var misses: UInt64 = 0
    private var hand = 0
    /// Those that may rest and do not, and whose turn it is to rest next.
    private var awake: [CachedSession?] = []
    private var awakeHand = 0
    private let maximumAwake: Int
    private var texts = KnownTexts()
    private var patterns = ReplyPatterns()

    init(maximumAwake: Int) { self.maximumAwake = max(1, maximumAwake) }

    private var mask: Int { slots.count - 1 }

    typealias AtRest = (RestingSession, KnownTexts, ReplyPatterns) -> FoldedGrant?

    /// - Parameter atRest: what is wanted of a session that rests: where it has that, it goes on to rest.
    mutating func look(for key: SessionKey, atRest: AtRest) -> SessionCache.Found? {
        guard let index = index(of: key) else { return nil }
        switch slots[index] {
        case .free: return nil
        case .awake(let entry): return .entry(entry)
        case .resting(let resting):
            if let grant = atRest(resting, texts, patterns) { return .grant(grant) }
            return wake(resting, at: index).map { .entry($0) }
        }
    }

    private mutating func wake(_ resting: RestingSession, at index: Int) -> CachedSession? {
        guard let entry = resting.awoken(texts, patterns) else {
            remove(resting.key)
            return nil
        }
        slots[index] = .awake(entry)
        bytes += entry.size - resting.size
        haveAwake(entry)
        return entry
    }

    func usedAt(_ key: SessionKey) -> UnixTime? { index(of: key).flatMap { slots[$0].usedAt } }

    func contains(_ key: SessionKey) -> Bool { index(of: key) != nil }

    mutating func insert(_ entry: CachedSession) {
        remove(entry.key)
        if (count + 1) * 4 > slots.count * 3 { grow() }
        place(.awake(entry), entry.key)
        count += 1
        bytes += entry.size
        if entry.mayRest { haveAwake(entry) }
    }

    /// - Returns: the session, where anybody may have it.
    @discardableResult
    mutating func remove(_ key: SessionKey) -> CachedSession? {
        guard var hole = index(of: key) else { return nil }
        let removed = slots[hole]
        count -= 1
        bytes -= removed.size
        clear(hole)
        // What stands behind the hole moves up, or it would not be found any more.
        var next = (hole + 1) & mask
        while let key = slots[next].key {
            let home = Self.home(key, mask)
            if (next - home) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                tags[hole] = tags[next]
                clear(next)
                hole = next
            }
            next = (next + 1) & mask
        }
        guard case .awake(let entry) = removed else { return nil }
        if let place = awake.firstIndex(where: { $0 === entry }) { awake[place] = nil }
        return entry
    }

    /// Drops, of a few that stand together, the one that was not used for the longest time, until no more than `limit` bytes are
    /// taken.
    mutating func shrink(to limit: Int) {
        while bytes > limit, let oldest = nextVictim() { remove(oldest) }
    }

    /// What has been counted stays.
    mutating func removeAll() {
        let (hits, misses) = (hits, misses)
        self = SessionTable(maximumAwake: maximumAwake)
        (self.hits, self.misses) = (hits, misses)
    }

    func forEach(_ body: (CachedSession) -> Void) {
        for slot in slots {
            switch slot {
            case .free: break
            case .awake(let entry): body(entry)
            case .resting(let resting): resting.awoken(texts, patterns).map(body)
            }
        }
    }

    /// The one that has been awake for the longest time makes room.
    private mutating func haveAwake(_ entry: CachedSession) {
        guard awake.count == maximumAwake else { return awake.append(entry) }
        let longest = awake[awakeHand]
        awake[awakeHand] = entry
        awakeHand = (awakeHand + 1) % maximumAwake
        if let longest { layToRest(longest) }
    }

    private mutating func layToRest(_ entry: CachedSession) {
        guard let index = index(of: entry.key), case .awake(let current) = slots[index], current === entry else { return }
        let resting = entry.resting(&texts, &patterns)
        slots[index] = .resting(resting)
        bytes += resting.size - entry.size
    }

    private static let sample = 8

    private mutating func nextVictim() -> SessionKey? {
        var oldest: (key: SessionKey, usedAt: UnixTime)?
        var seen = 0
        for _ in 0..<slots.count where seen < Self.sample {
            hand = (hand + 1) & mask
            guard let key = slots[hand].key, let usedAt = slots[hand].usedAt else { continue }
            seen += 1
            if oldest.map({ usedAt < $0.usedAt }) ?? true { oldest = (key, usedAt) }
        }
        return oldest?.key
    }

    private func index(of key: SessionKey) -> Int? {
        let tag = Self.tag(key)
        var position = Self.home(key, mask)
        while tags[position] != 0 {
            if tags[position] == tag, slots[position].key == key { return position }
            position = (position + 1) & mask
        }
        return nil
    }

    private mutating func place(_ slot: Slot, _ key: SessionKey) {
        var position = Self.home(key, mask)
        while tags[position] != 0 { position = (position + 1) & mask }
        slots[position] = slot
        tags[position] = Self.tag(key)
    }

    private mutating func clear(_ position: Int) {
        slots[position] = .free
        tags[position] = 0
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: .free, count: old.count * 2)
        tags = Array(repeating: 0, count: old.count * 2)
        for slot in old {
            if let key = slot.key { place(slot, key) }
        }
    }

    /// Never 0, which marks a free slot.
    private static func tag(_ key: SessionKey) -> UInt32 { UInt32(truncatingIfNeeded: key.hash.words.0) | 1 }

    private static func home(_ key: SessionKey, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: key.hash.words.1) & mask
    }
}

extension SessionTable.Slot {
    fileprivate var key: SessionKey? {
        switch self {
        case .free: nil
        case .awake(let entry): entry.key
        case .resting(let resting): resting.key
        }
    }

    fileprivate var usedAt: UnixTime? {
        switch self {
        case .free: nil
        case .awake(let entry): entry.usedAt
        case .resting(let resting): resting.usedAt
        }
    }

    fileprivate var size: Int {
        switch self {
        case .free: 0
        case .awake(let entry): entry.size
        case .resting(let resting): resting.size
        }
    }
}
