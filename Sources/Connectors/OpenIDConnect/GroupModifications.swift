import JOSE

/// What becomes of an upstream's groups: `claimModifications` of Dex's connector, under its names.
package struct GroupModifications: Sendable {
    /// A group that is put together of claims.
    package struct NewGroup: Sendable {
        let claims: [String]
        let delimiter: String
        /// Whether the delimiter is taken out of the claims, so that nobody's claim can pass for two.
        let clearsDelimiter: Bool
        let prefix: String

        package init(claims: [String], delimiter: String, clearsDelimiter: Bool, prefix: String) {
            self.claims = claims
            self.delimiter = delimiter
            self.clearsDelimiter = clearsDelimiter
            self.prefix = prefix
        }

        /// `nil` where somebody has none of the claims.
        fileprivate func name(_ told: JSONObject) -> String? {
            let values = claims.compactMap { told[$0]?.string }.map { clearsDelimiter ? cleared($0) : $0 }
            return values.isEmpty ? nil : ([prefix] + values).joined(separator: delimiter)
        }

        private func cleared(_ value: String) -> String {
            delimiter.isEmpty ? value : value.split(separator: delimiter, omittingEmptySubsequences: false).joined()
        }
    }

    package var newGroups: [NewGroup] = []
    /// A regular expression; groups in which it is nowhere found are left out.
    package var filter: String?
    package var prefix = ""
    package var suffix = ""

    package init() {}

    /// Longer ones are found by no filter.
    private static let maximumBytes = 4096

    func changed(_ groups: [String]) -> [String] { filtered(groups).map { prefix + $0 + suffix } }

    func newGroups(_ told: JSONObject) -> [String] { newGroups.compactMap { $0.name(told) } }

    private func filtered(_ groups: [String]) -> [String] {
        guard let filter else { return groups }
        guard let expression = try? Regex(filter) else { return [] }
        return groups.filter { group in
            group.utf8.count <= Self.maximumBytes && (try? expression.firstMatch(in: group)) != nil
        }
    }
}
