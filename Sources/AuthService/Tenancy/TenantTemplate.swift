/// A text with `{tenant}` in it, which stands for the tenant of a request.
struct TenantTemplate: Sendable {
    private static let place = "{tenant}"
    private let text: String

    /// `nil` for a text that is the same for all tenants.
    init?(_ text: String) {
        guard text.contains(Self.place) else { return nil }
        self.text = text
    }

    func filled(with tenant: String) -> String {
        text.split(separator: Self.place, omittingEmptySubsequences: false).joined(separator: tenant)
    }
}
