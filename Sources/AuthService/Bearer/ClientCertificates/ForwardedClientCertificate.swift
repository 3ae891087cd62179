import Web

/// One element of Envoy's `x-forwarded-client-cert`: what a proxy says of the certificate that it was shown.
package struct ForwardedClientCertificate: Sendable, Equatable {
    /// SHA-256 of the certificate, 64 hexadecimal digits in lower case.
    package private(set) var hash: String?
    /// PEM, no longer percent-encoded.
    package private(set) var certificate: [UInt8]?
    package private(set) var subject: String?
    package private(set) var uris: [String] = []
    package private(set) var hosts: [String] = []
    /// The proxy's own names.
    package private(set) var by: [String] = []

    package enum Refusal: String, Error, Sendable {
        case tooLong = "longer than 32 KiB"
        case quotes = "a quoted value that does not end where it should"
        case pair = "a part that is no key with a value"
        case twice = "a key that comes twice"
        case hash = "a Hash that is no SHA-256"
        case encoding = "a Cert that is not percent-encoded"
        case bytes = "a control character, or no ASCII"
    }

    private static let maximumBytes = 32 * 1024

    /// The last element: each proxy appends its own, and only the last one's word is one that we trust.
    package static func last(of value: String) throws(Refusal) -> ForwardedClientCertificate {
        guard value.utf8.count <= maximumBytes else { throw .tooLong }
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .bytes }
        let elements = try split(Array(value.utf8)[...], at: UInt8(ascii: ","))
        // All have to be well formed: in one that is not, the last could begin anywhere.
        var last = ForwardedClientCertificate()
        for element in elements { last = try ForwardedClientCertificate(element) }
        return last
    }

    private init() {}

    private init(_ element: ArraySlice<UInt8>) throws(Refusal) {
        for pair in try Self.split(element, at: UInt8(ascii: ";")) {
            let pair = pair.drop { $0 == 0x20 }
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), equals > pair.startIndex else { throw .pair }
            let key = String(decoding: pair[..<equals], as: UTF8.self)
            try take(key, try Self.unquoted(pair[(equals + 1)...]))
        }
    }

    private mutating func take(_ key: String, _ value: [UInt8]) throws(Refusal) {
        let text = String(decoding: value, as: UTF8.self)
        switch key {
        case "URI": uris.append(text)
        case "DNS": hosts.append(text)
        case "By": by.append(text)
        case "Subject":
            guard subject == nil else { throw .twice }
            subject = text
        case "Hash":
            guard hash == nil else { throw .twice }
            guard text.utf8.count == 64, text.utf8.allSatisfy(\.isLowerHexadecimal) else { throw .hash }
            hash = text
        case "Cert":
            guard certificate == nil else { throw .twice }
            guard let decoded = PercentEncoding.decode(value) else { throw .encoding }
            certificate = decoded
        // The chain that the client has sent, and what later versions may say.
        default: break
        }
    }

    /// At each separator outside quotes.
    private static func split(_ bytes: ArraySlice<UInt8>, at separator: UInt8) throws(Refusal) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in bytes.indices {
            switch bytes[index] {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isQuoted: isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case separator where !isQuoted:
                parts.append(bytes[start..<index])
                start = index + 1
            default: break
            }
        }
        guard !isQuoted else { throw .quotes }
        return parts + [bytes[start...]]
    }

    /// A value that is quoted is quoted from its first to its last byte, and one that is not holds no quotes.
    private static func unquoted(_ value: ArraySlice<UInt8>) throws(Refusal) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        guard value.contains(quote) else { return Array(value) }
        guard value.count >= 2, value.first == quote, value.last == quote else { throw .quotes }
        var unquoted: [UInt8] = []
        var isEscaped = false
        for byte in value.dropFirst().dropLast() {
            if isEscaped || byte != UInt8(ascii: "\\") {
                guard isEscaped || byte != quote else { throw .quotes }
                unquoted.append(byte)
                isEscaped = false
            } else {
                isEscaped = true
            }
        }
        guard !isEscaped else { throw .quotes }
        return unquoted
    }
}

extension UInt8 {
    fileprivate var isLowerHexadecimal: Bool { (0x30...0x39).contains(self) || (0x61...0x66).contains(self) }
}
