import Yams

extension Shape where Value == Int {
    /// A whole number within bounds.
    static func count(_ bounds: ClosedRange<Int>) -> Shape {
        let schema = SchemaNode.object([
            ("type", .text("integer")), ("minimum", .integer(bounds.lowerBound)), ("maximum", .integer(bounds.upperBound)),
        ])
        return .scalar(schema, show: { .integer($0) }) { text throws(Complaint) in
            let isNumber = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard isNumber, let number = Int(text), bounds.contains(number) else {
                throw Complaint(
                    "\(quoted(text)) is not a number that fits here",
                    "write a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
            }
            return number
        }
    }

    /// A number of bytes with a unit, such as `64KiB`.
    static func byteCount(_ bounds: ClosedRange<Int>) -> Shape {
        let range = "from `\(written(bounds.lowerBound))` to `\(written(bounds.upperBound))`"
        return .scalar(
            .object([("type", .text("string")), ("pattern", .text("^[0-9]+(\(units.map(\.name).joined(separator: "|")))$"))]),
            show: { .text(written($0)) }
        ) { text throws(Complaint) in
            let unit = units.first { text.hasSuffix($0.name) }
            let digits = text.dropLast(3)
            let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let unit, isNumber, let number = Int(digits), number <= Int.max / unit.bytes,
                bounds.contains(number * unit.bytes)
            else {
                throw Complaint(
                    "\(quoted(text)) is not a size that fits here", "write a whole number with a unit, such as `64KiB`, \(range)")
            }
            return number * unit.bytes
        }
    }

    private static var units: [(name: String, bytes: Int)] { [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)] }

    /// In the largest unit that gives a whole number.
    private static func written(_ bytes: Int) -> String {
        let unit = units.last { bytes % $0.bytes == 0 } ?? ("KiB", 1 << 10)
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
