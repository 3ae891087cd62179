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

    /// A number of bytes with a unit, such as `64KiB`, at least 1 KiB.
    static func byteCount(atMost most: Int) -> Shape {
        .scalar(
            .object([("type", .text("string")), ("pattern", .text("^[0-9]+(KiB|MiB)$"))]),
            show: { .text("\($0 / 1024)KiB") }
        ) { text throws(Complaint) in
            let mend = "write a whole number with a unit, such as `64KiB`, at most `\(most / 1024)KiB`"
            let unit = text.hasSuffix("KiB") ? 1024 : text.hasSuffix("MiB") ? 1024 * 1024 : 0
            let digits = text.dropLast(3)
            let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard unit > 0, isNumber, let number = Int(digits), number > 0, number <= most / unit else {
                throw Complaint("\(quoted(text)) is not a size that fits here", mend)
            }
            return number * unit
        }
    }
}
