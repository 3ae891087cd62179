/// A link on a page: to a path, or to an http or https URL. Nothing else is taken (`javascript:`, `data:`).
package struct PageLink: Sendable {
    package let label: String
    package let href: String

    package init?(label: String, href: String) {
        guard href.utf8.first == UInt8(ascii: "/") || Origin(href) != nil else { return nil }
        self.label = label
        self.href = href
    }

    var values: [String: Any] { ["label": label, "href": href] }
}
