import Testing
import Web

/// The contrast of the colours that meet on the pages (WCAG 2.2, 1.4.3 and 1.4.11), read from the stylesheet itself.
struct ContrastTests {
    enum Scheme: CaseIterable { case light, dark }

    /// Text needs 4.5 : 1 against what is behind it.
    @Test(
        arguments: Scheme.allCases,
        [
            ("text", "card"), ("text", "ground"), ("muted", "card"), ("muted", "ground"), ("on-accent", "accent"),
            ("on-accent", "accent-strong"), ("accent", "card"), ("accent-strong", "card"), ("alert", "alert-ground"),
            ("text", "field"),
        ])
    func textIsReadable(scheme: Scheme, pair: (String, String)) throws {
        #expect(try contrast(pair, scheme) >= 4.5)
    }

    /// The edges of fields and the ring around what has the focus need 3 : 1.
    @Test(
        arguments: Scheme.allCases,
        [
            ("field-edge", "field"), ("field-edge", "card"), ("accent", "card"), ("alert-edge", "card"), ("alert-edge", "field"),
        ])
    func edgesAreSeen(scheme: Scheme, pair: (String, String)) throws {
        #expect(try contrast(pair, scheme) >= 3)
    }

    private func contrast(_ pair: (String, String), _ scheme: Scheme) throws -> Double {
        let colours = try colours(scheme)
        let one = luminance(try #require(colours[pair.0]))
        let other = luminance(try #require(colours[pair.1]))
        return (max(one, other) + 0.05) / (min(one, other) + 0.05)
    }

    private func colours(_ scheme: Scheme) throws -> [String: String] {
        let css = String(decoding: PageTheme.builtIn.stylesheet.bytes, as: UTF8.self)
        let dark = try #require(css.firstRange(of: "@media (prefers-color-scheme: dark)"))
        let part = scheme == .light ? css[..<dark.lowerBound] : css[dark.upperBound...]
        let block = part.prefix { $0 != "}" }
        return Dictionary(
            block.matches(of: /--([a-z-]+): #([0-9a-f]{6});/).map { (String($0.output.1), String($0.output.2)) },
            uniquingKeysWith: { first, _ in first })
    }

    private func luminance(_ hexadecimal: String) -> Double {
        let value = Int(hexadecimal, radix: 16) ?? 0
        let channels = [value >> 16, value >> 8, value].map { channel -> Double in
            let part = Double(channel & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : power((part + 0.055) / 1.055)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }

    /// x to the power of 2.4, as the fifth root of x¹².
    private func power(_ base: Double) -> Double {
        let twelfth = (0..<12).reduce(1.0) { value, _ in value * base }
        var root = base
        for _ in 0..<60 { root -= (root * root * root * root * root - twelfth) / (5 * root * root * root * root) }
        return root
    }
}
