import CQRencode

/// A QR code (ISO/IEC 18004) as the path of an SVG, for a page that holds it.
package struct QRCode: Sendable {
    /// Modules in a row, with the quiet zone on both sides.
    package let width: Int
    /// `d` of a path over all dark modules, one unit each.
    package let path: String

    /// Around the symbol there have to be four light modules.
    private static let quietZone = 4

    /// `nil` for a text that is too long, or where there is no memory.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let code = QRcode_encodeData(Int32(clamping: bytes.count), bytes, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let size = Int(code.pointee.width)
        guard let modules = code.pointee.data else { return nil }
        var path = ""
        for row in 0..<size {
            for column in 0..<size where modules[row * size + column] & 1 == 1 {
                path += "M\(column + Self.quietZone) \(row + Self.quietZone)h1v1h-1z"
            }
        }
        self.path = path
        width = size + 2 * Self.quietZone
    }
}
