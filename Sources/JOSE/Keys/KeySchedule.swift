/// When signing keys change, in seconds. A key is published before it signs, so that whoever keeps our keys for a while has it by
/// then; and it stays published until the last of what it signed has expired.
package struct KeySchedule: Sendable, Equatable {
    /// For so long a key signs.
    package var rotateAfter: Int64
    /// So long before it signs a key is published: longer than others may keep our keys.
    package var publishAhead: Int64
    /// So long after it has signed for the last time a key is still published: as long as anything that it signed is valid.
    package var keepAfter: Int64

    package init(rotateAfter: Int64, publishAhead: Int64, keepAfter: Int64) {
        self.rotateAfter = rotateAfter
        self.publishAhead = publishAhead
        self.keepAfter = keepAfter
    }

    /// What has to be done about the keys of one algorithm.
    struct Plan: Equatable {
        /// Which key signs, by its place; `nil` where there is none.
        var signing: Int?
        /// How many of the oldest have had their time.
        var retired: Int
        var needsNew: Bool
    }

    /// - Parameter made: when each key was made, oldest first.
    func plan(_ made: [UnixTime], now: UnixTime) -> Plan {
        let signing = made.indices.last { signs(from: $0, made) <= now } ?? (made.isEmpty ? nil : 0)
        let retired = made.indices.prefix { index in
            index + 1 < made.count && signs(from: index + 1, made).adding(keepAfter) <= now
        }.count
        let needsNew = made.last.map { $0.adding(rotateAfter) <= now } ?? true
        return Plan(signing: signing, retired: retired, needsNew: needsNew)
    }

    /// From when on a key signs. The oldest has nobody before it whose keys others could have.
    func signs(from index: Int, _ made: [UnixTime]) -> UnixTime {
        index == 0 ? made[0] : made[index].adding(publishAhead)
    }
}
