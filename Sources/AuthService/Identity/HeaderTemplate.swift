package import Accounts
import JOSE
import Web

/// What fills one identity header: texts and claims of the person, read from the configuration once.
///
/// `email` or `realm_access.roles` is the claim of that name or, where there is none, the one that the path leads to.
/// `user:{sub}` puts claims into a text; `{groups|;}` joins a list with `;` instead of `,`; `{{` and `}}` are braces.
package struct HeaderTemplate: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case text(String)
        case claim(ClaimText, separator: String)
    }

    private let parts: [Part]

    /// - Parameter text: as in the configuration; nil where a brace has no partner or a claim no name.
    package init?(_ text: String) {
        guard text.utf8.contains(UInt8(ascii: "{")) || text.utf8.contains(UInt8(ascii: "}")) else {
            guard let path = ClaimText(text) else { return nil }
            parts = [.claim(path, separator: ",")]
            return
        }
        guard let parts = Self.parts(Array(text.utf8)) else { return nil }
        self.parts = parts
    }

    /// The header's text; `nil` where a claim that it needs is missing or has no text: then there is no such header.
    package func text(for identity: Identity) -> String? {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .claim(let path, let separator):
                guard let text = path.text(in: identity, separator: separator), !text.isEmpty else { return nil }
                result += text
            }
        }
        return result
    }

    private static func parts(_ bytes: [UInt8]) -> [Part]? {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.first {
            if byte == open || byte == close, rest.dropFirst().first == byte {
                literal.append(byte)
                rest = rest.dropFirst(2)
            } else if byte == open {
                guard let end = rest.firstIndex(of: close), let claim = claim(rest[(rest.startIndex + 1)..<end]) else {
                    return nil
                }
                if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
                literal = []
                parts.append(claim)
                rest = rest[(end + 1)...]
            } else if byte == close {
                return nil
            } else {
                literal.append(byte)
                rest = rest.dropFirst()
            }
        }
        if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
        return parts
    }

    private static let open = UInt8(ascii: "{")
    private static let close = UInt8(ascii: "}")

    private static func claim(_ bytes: ArraySlice<UInt8>) -> Part? {
        let pieces = bytes.split(separator: UInt8(ascii: "|"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = pieces.first, !bytes.contains(open), let path = ClaimText(String(decoding: name, as: UTF8.self)) else {
            return nil
        }
        guard pieces.count == 2 else { return .claim(path, separator: ",") }
        return pieces[1].isEmpty ? nil : .claim(path, separator: String(decoding: pieces[1], as: UTF8.self))
    }
}

/// A claim as the text of a header.
struct ClaimText: Sendable, Equatable {
    private let path: ClaimPath

    /// `nil`: no claim has such a name.
    init?(_ text: String) {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 < 0x21 || $0 == 0x7F }) else { return nil }
        path = ClaimPath(text)
    }

    /// Texts as they are, lists of texts joined, whole numbers and booleans as written.
    func text(in identity: Identity, separator: String) -> String? {
        switch path.text {
        case "sub": identity.subject
        case "iss": identity.issuer
        default: Self.text(path.value(in: identity.claims), separator: separator)
        }
    }

    private static func text(_ value: JSONValue?, separator: String) -> String? {
        switch value {
        case .string(let text): text
        // A separator inside a name would make two names of one: a group `x,admins` must not open what `admins` opens.
        case .array: value?.stringList?.map { escaping(separator, in: $0) }.joined(separator: separator)
        case .bool(let flag): String(flag)
        case .integer(let number): String(number)
        default: nil
        }
    }

    /// By bytes: a comma with a combining accent behind it is a comma to whoever splits the list.
    private static func escaping(_ separator: String, in name: String) -> String {
        let mark = Array(separator.utf8)
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: mark) {
                for byte in mark { result += "%".utf8 + hexadecimal(byte) }
                index += mark.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
    }
}
