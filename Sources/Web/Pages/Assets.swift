/// The files that the pages load. Their names carry a hash of their content, so that browsers may keep them for ever.
package struct Assets: Sendable {
    package struct Asset: Sendable {
        /// The last segment of its path.
        package let name: String
        package let contentType: String
        package let bytes: [UInt8]

        fileprivate init(stem: String, suffix: String, contentType: String, text: String) {
            bytes = Array(text.utf8)
            name = "\(stem)-\(Self.hash(bytes)).\(suffix)"
            self.contentType = contentType
        }

        /// FNV-1a, 64 bits: tells versions apart, protects nothing.
        private static func hash(_ bytes: [UInt8]) -> String {
            let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            let digits = String(hash, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }

    package static let stylesheet = Asset(
        stem: "pages", suffix: "css", contentType: "text/css; charset=utf-8", text: stylesheetText)
    package static let signInScript = Asset(
        stem: "sign-in", suffix: "js", contentType: "text/javascript; charset=utf-8", text: signInScriptText)
    package static let logo = Asset(stem: "logo", suffix: "svg", contentType: "image/svg+xml", text: logoText)

    /// The asset whose path ends in `/name`; nil where there is none, or where it is one of another version.
    package static func response(for name: some StringProtocol) -> WebResponse? {
        guard let asset = [stylesheet, signInScript, logo].first(where: { sameBytes($0.name, name) }) else { return nil }
        let headers: HeaderList = [
            "content-type": asset.contentType,
            "cache-control": "public, max-age=31536000, immutable",
            "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
            "x-content-type-options": "nosniff",
            "cross-origin-resource-policy": "same-origin",
        ]
        return WebResponse(status: 200, headers: headers, body: asset.bytes)
    }
}
