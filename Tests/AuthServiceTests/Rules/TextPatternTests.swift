import AuthService
import Testing

struct TextPatternTests {
    @Test(arguments: [
        ("a", "a", true), ("a", "A", false), ("a", "ab", false), ("", "", true), ("*", "", true), ("*", "x", true),
        ("a*", "a", true), ("a*", "ab", true), ("a*", "ba", false), ("*b", "ab", true), ("*b", "ba", false),
        ("a*b", "ab", true), ("a*b", "acb", true), ("a*b", "a", false), ("ab*ba", "aba", false), ("a*b*c", "a--b--c", true),
        ("a*b*c", "acb", false), ("a*x*x*c", "axc", false), ("a*x*x*c", "axxc", true), ("é", "e\u{301}", false),
    ])
    func matches(pattern: String, text: String, isMatch: Bool) {
        #expect(TextPattern(pattern).matches(text) == isMatch)
    }
}
