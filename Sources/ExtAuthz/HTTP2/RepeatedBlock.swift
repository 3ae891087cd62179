package import NIOCore

/// The header block of the request before, for those that come again with the same bytes: a gateway's checks differ in their messages
/// only. The same bytes mean the same fields as long as no block has changed the decoder's table in between, so what could have is
/// not remembered, and forgets what was (RFC 7541 section 6).
package struct RepeatedBlock {
    private var block: ByteBuffer?
    private var head: RequestHead?

    init() {}

    private static let maximum = 512

    /// What the block means, if it is the one before once more.
    func head(of block: ByteBuffer) -> RequestHead? { self.block == block ? head : nil }

    /// Takes note of a block that was decoded.
    /// - Parameter head: `nil`: it is no request, or a malformed one.
    mutating func note(_ block: ByteBuffer, _ head: RequestHead?) {
        let keepsTable = Self.keepsTable(block.readableBytesView)
        if let head, keepsTable, block.readableBytes <= Self.maximum {
            // A copy: it must not hold on to all the memory of a read.
            self.block = ByteBuffer(bytes: block.readableBytesView)
            self.head = head
        } else if !keepsTable {
            self = RepeatedBlock()
        }
    }

    /// Whether the block consists of indexed fields and of literals that nobody indexes.
    package static func keepsTable(_ block: ByteBufferView) -> Bool {
        var block = Representations(rest: block)
        while let first = block.rest.first {
            let isRead =
                switch first {
                case 0x80...: block.integer(prefix: 7) != nil
                case ..<0x20: block.skipLiteral()
                default: false
                }
            guard isRead else { return false }
        }
        return true
    }

    /// What is left of a block.
    private struct Representations {
        var rest: ByteBufferView

        /// RFC 7541 section 5.1; `nil`: it does not end, or is longer than a block of ours.
        mutating func integer(prefix: Int) -> Int? {
            guard let first = rest.popFirst() else { return nil }
            let mask = UInt8(truncatingIfNeeded: (1 << prefix) - 1)
            guard first & mask == mask else { return Int(first & mask) }
            var value = Int(mask)
            for shift in [0, 7, 14] {
                guard let next = rest.popFirst() else { return nil }
                value += Int(next & 0x7f) << shift
                if next < 0x80 { return value }
            }
            return nil
        }

        /// A field that is not indexed, its name by number or in letters (sections 6.2.2, 6.2.3).
        mutating func skipLiteral() -> Bool {
            guard let name = integer(prefix: 4) else { return false }
            return (name != 0 || skipString()) && skipString()
        }

        private mutating func skipString() -> Bool {
            guard let length = integer(prefix: 7), length <= rest.count else { return false }
            rest = rest.dropFirst(length)
            return true
        }
    }
}
