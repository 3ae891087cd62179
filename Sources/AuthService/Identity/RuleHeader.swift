/// How one identity header differs under one rule from what it is everywhere.
package struct RuleHeader: Sendable, Equatable {
    /// Lower case.
    package let header: String
    /// `nil`: not told under this rule.
    package let template: HeaderTemplate?

    package init(header: String, template: HeaderTemplate?) {
        self.header = header.lowercased()
        self.template = template
    }
}
