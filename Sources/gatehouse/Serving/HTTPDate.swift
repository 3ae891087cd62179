import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `Date` (RFC 9110 §5.6.7), written once a second.
enum HTTPDate {
    private static let written = Mutex<(second: time_t, text: String)>((0, ""))

    static var now: String {
        var second = time(nil)
        return written.withLock { written in
            if written.second != second { written = (second, text(&second)) }
            return written.text
        }
    }

    private static func text(_ second: inout time_t) -> String {
        var parts = tm()
        guard gmtime_r(&second, &parts) != nil else { return "" }
        // The program sets no locale: names are English.
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            let length = strftime(start, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: buffer[..<length].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
