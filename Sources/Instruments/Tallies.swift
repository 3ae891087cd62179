import Synchronization

/// Numbers that one thread adds to, without a lock and without a locked instruction, and that any thread may read: what is counted
/// millions of times a second has a set of these for each event loop, and they are summed when somebody asks. No two sets share a line
/// of a processor's cache.
///
/// `@unchecked`: the pointer never changes, and what it points to is atomic. Two threads that add to the same number at once lose
/// one of the two additions, and nothing else.
package final class Tallies: @unchecked Sendable {
    package let count: Int
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>

    /// Bytes; some processors fetch two lines of 64 at once.
    private static let line = 128

    package init(count: Int) {
        self.count = max(1, min(count, Int(Int32.max)))
        let size = self.count * MemoryLayout<Atomic<UInt64>>.stride
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: (size + Self.line - 1) / Self.line * Self.line, alignment: Self.line)
        cells = memory.bindMemory(to: Atomic<UInt64>.self, capacity: self.count)
        for index in 0..<self.count { (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: count)
        UnsafeMutableRawPointer(cells).deallocate()
    }

    /// Only by the thread that these belong to; what is out of range is left out.
    package func add(_ amount: UInt64, at index: Int) { self[index] &+= amount }

    /// To be written only by the thread that these belong to.
    package subscript(index: Int) -> UInt64 {
        get { index >= 0 && index < count ? cells[index].load(ordering: .relaxed) : 0 }
        set {
            guard index >= 0, index < count else { return }
            cells[index].store(newValue, ordering: .relaxed)
        }
    }
}
