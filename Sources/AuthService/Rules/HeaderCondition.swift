import Web

/// What a rule asks of one header.
package struct HeaderCondition: Sendable {
    package enum Requirement: Sendable {
        case present
        case absent
        /// One of these; several lines of a header count as one value, joined with `,` (RFC 9110 §5.3).
        case oneOf([TextPattern])
    }

    /// Lower case.
    package let name: String
    package let requirement: Requirement

    package init(name: String, requirement: Requirement) {
        self.name = name.lowercased()
        self.requirement = requirement
    }

    func holds(for headers: HeaderList) -> Bool {
        let lines = headers.all(name)
        switch requirement {
        case .present: return !lines.isEmpty
        case .absent: return lines.isEmpty
        case .oneOf(let patterns):
            guard let first = lines.first else { return false }
            let value = lines.count == 1 ? first : lines.joined(separator: ",")
            return patterns.contains { $0.matches(value) }
        }
    }
}
