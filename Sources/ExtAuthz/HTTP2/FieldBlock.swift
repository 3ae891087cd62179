/// A header block that needs no table: indexed fields of the static table, and literals that nobody indexes (RFC 7541
/// section 6.2.2). The same bytes are right on every connection at every time, so a response's block is made once.
struct FieldBlock {
    private(set) var bytes: [UInt8]

    /// "Dynamic Table Size Update" to 0 (RFC 7541 section 6.3).
    static let noDynamicTable: UInt8 = 0x20

    /// Trailers.
    init() {
        bytes = []
    }

    /// The head of a response.
    init(status: Int) {
        bytes = []
        if status == 200 {
            bytes.append(0x88)
        } else {
            bytes.append(0x08)
            append(String(status))
        }
    }

    func adding(_ name: String, _ value: String) -> FieldBlock {
        var block = self
        block.bytes.append(0x00)
        block.append(name)
        block.append(value)
        return block
    }

    /// A string without Huffman coding: its length in the integer representation with a prefix of 7 bits, then its bytes.
    private mutating func append(_ text: String) {
        var rest = text.utf8.count
        if rest < 127 {
            bytes.append(UInt8(rest))
        } else {
            bytes.append(127)
            rest -= 127
            while rest >= 128 {
                bytes.append(UInt8(rest % 128 + 128))
                rest /= 128
            }
            bytes.append(UInt8(rest))
        }
        bytes += text.utf8
    }
}
