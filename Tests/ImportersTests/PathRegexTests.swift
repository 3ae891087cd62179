import Testing

import Importers

struct PathRegexTests {
    @Test(arguments: [
        ("^/healthz$", ["/healthz"]), ("^/dex/", ["/dex/*"]), ("^/dex", ["/dex/*"]), ("^/dex/.*", ["/dex/*"]),
        ("^/dex/.*$", ["/dex/*"]),
        ("/api/", ["/**/api/*"]), ("^/(healthz|status)$", ["/healthz", "/status"]), (#"\.css$"#, ["/**/*.css"]),
        (#"^/static/.*\.(css|js)$"#, ["/static/**/*.css", "/static/**/*.js"]), ("^/team/[^/]+/open$", ["/team/*/open"]),
        ("^/a(/b)?$", ["/a/b", "/a"]), ("^/a$|^/b$", ["/a", "/b"]), (".*", ["/*"]), ("^/", ["/*"]),
        ("^/(?:x|y)/", ["/x/*", "/y/*"]),
        (#"^/favicon\.ico$"#, ["/favicon.ico"]), ("^/x/.+", ["/x/*/*"]), ("^/.+$", ["/*/*"]), ("^/x/[^/]+/", ["/x/*/*"]),
        ("^/t/.+/public$", ["/t/*/**/public"]), ("^/t/.*/public$", ["/t/*/**/public"]), ("^/x/[^/]*\\.css$", ["/x/*.css"]),
    ])
    func whatPatternsCanSay(expression: String, patterns: [String]) {
        #expect(PathRegex.patterns(expression) == patterns)
    }

    @Test(arguments: [
        "^/user/[0-9]+$", #"^/user/\d+$"#, "^/a+", "^/(a|b)*", "(?i)^/a", "^/x/.*/y/.*/z$", "^/a[bc]", "^a", "^/a//b", "^/a/../b",
        "^/a(b",
        "^/x*", "^/a\\", "^/public/[^/]+$", "^/[^/]+$", "^/[^/]*$", "^/t/.*/[^/]+$", "^/x/[^/]+\\.css$", "^/x/.+\\.css$",
        "^.+/x$", ".+",
        "^/" + String(repeating: "a", count: 1000),
        "^/" + String(repeating: "(", count: 9) + "a" + String(repeating: ")", count: 9),
    ])
    func whatPatternsCannotSay(expression: String) {
        #expect(PathRegex.patterns(expression) == nil)
    }
}
