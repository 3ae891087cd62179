/// The files that the pages load. Their names carry a hash of their content, so that browsers may keep them for ever.
package struct Assets: Sendable {
    package struct Asset: Sendable {
        /// The last segment of its path.
        package let name: String
        package let contentType: String
        package let bytes: [UInt8]

        /// Whether its name changes with its content.
        private let isVersioned: Bool

        init(stem: String, suffix: String, contentType: String, bytes: [UInt8]) {
            self.bytes = bytes
            name = "\(stem)-\(Self.hash(bytes)).\(suffix)"
            self.contentType = contentType
            isVersioned = true
        }

        /// Under a name that others have chosen: kept for five minutes.
        init(name: String, contentType: String, bytes: [UInt8]) {
            self.bytes = bytes
            self.name = name
            self.contentType = contentType
            isVersioned = false
        }

        var response: WebResponse {
            let headers: HeaderList = [
                "content-type": contentType,
                "cache-control": isVersioned ? "public, max-age=31536000, immutable" : "public, max-age=300",
                "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
                "x-content-type-options": "nosniff",
                "cross-origin-resource-policy": "same-origin",
            ]
            return WebResponse(status: 200, headers: headers, body: bytes)
        }

        /// FNV-1a, 64 bits: tells versions apart, protects nothing.
        private static func hash(_ bytes: [UInt8]) -> String {
            let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            let digits = String(hash, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }

    package static let stylesheet = Asset(
        stem: "pages", suffix: "css", contentType: "text/css; charset=utf-8", bytes: Array(stylesheetText.utf8))
    package static let signInScript = Asset(
        stem: "sign-in", suffix: "js", contentType: "text/javascript; charset=utf-8", bytes: Array(signInScriptText.utf8))
    package static let keptPostScript = Asset(
        stem: "kept", suffix: "js", contentType: "text/javascript; charset=utf-8", bytes: Array(keptPostScriptText.utf8))
    static let formPostScript = Asset(
        stem: "form-post", suffix: "js", contentType: "text/javascript; charset=utf-8", bytes: Array(formPostScriptText.utf8))
    package static let loginScript = Asset(
        stem: "login", suffix: "js", contentType: "text/javascript; charset=utf-8", bytes: Array(loginScriptText.utf8))
    package static let signingOutScript = Asset(
        stem: "signing-out", suffix: "js", contentType: "text/javascript; charset=utf-8",
        bytes: Array(signingOutScriptText.utf8))
    package static let logo = Asset(stem: "logo", suffix: "svg", contentType: "image/svg+xml", bytes: Array(logoText.utf8))

    /// Ours, and behind it a theme's, which so has the last word.
    static func stylesheet(adding css: String) -> Asset {
        Asset(
            stem: "pages", suffix: "css", contentType: "text/css; charset=utf-8",
            bytes: Array(stylesheetText.utf8) + Array("\n".utf8) + Array(css.utf8))
    }
}
