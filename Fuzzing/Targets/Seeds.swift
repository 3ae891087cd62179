import Foundation

/// Corpus files: one input a line, in ASCII with `\n`, `\r`, `\t`, `\\` and `\xNN`; lines with `#` in front are remarks.
package enum Seeds {
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    package static func read(file: String) throws -> [[UInt8]] {
        let text = try Data(contentsOf: URL(fileURLWithPath: file))
        return try text.split(separator: UInt8(ascii: "\n")).filter { $0.first != UInt8(ascii: "#") }.map { line in
            guard let input = unescape(line) else {
                throw Unreadable(description: "\(file): \(String(decoding: line, as: UTF8.self))")
            }
            return input
        }
    }

    /// Writes every input of a corpus file as a file of its own, as libFuzzer wants them.
    /// - Returns: how many.
    package static func unpack(file: String, into folder: String) throws -> Int {
        let inputs = try read(file: file)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (number, input) in inputs.enumerated() {
            try Data(input).write(to: URL(fileURLWithPath: "\(folder)/seed-\(number)"))
        }
        return inputs.count
    }

    /// What libFuzzer has found, as a line of a corpus file.
    package static func line(file: String) throws -> String {
        line([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))))
    }

    /// An input as a line of a corpus file, for a report that can be pasted there.
    package static func line(_ input: [UInt8]) -> String {
        input.map { byte in
            switch byte {
            case UInt8(ascii: "\\"): "\\\\"
            case 0x20...0x7e: String(UnicodeScalar(byte))
            default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }

    private static func unescape(_ line: some Sequence<UInt8>) -> [UInt8]? {
        var input: [UInt8] = []
        var rest = line.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "\\") else {
                input.append(byte)
                continue
            }
            guard let value = escaped(&rest) else { return nil }
            input.append(value)
        }
        return input
    }

    private static func escaped(_ rest: inout some IteratorProtocol<UInt8>) -> UInt8? {
        switch rest.next() {
        case UInt8(ascii: "n"): return 0x0a
        case UInt8(ascii: "r"): return 0x0d
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "x"):
            guard let high = rest.next(), let low = rest.next() else { return nil }
            return UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
        default: return nil
        }
    }
}
