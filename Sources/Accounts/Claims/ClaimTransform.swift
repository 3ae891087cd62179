import JOSE

/// Changes the texts of one claim: each element of a list by itself. What a transform leaves empty is dropped.
package struct ClaimTransform: Sendable {
    /// One change of one text; `nil` drops it.
    package enum Step: Sendable {
        case addPrefix(String)
        case addSuffix(String)
        case removePrefix(String)
        case removeSuffix(String)
        case lowerCase
        /// A text that the pattern does not match stays, or is dropped where `keepsOthers` is false.
        case replace(TextReplacement, keepsOthers: Bool)
    }

    package let claim: String
    package let steps: [Step]

    package init(claim: String, steps: [Step]) {
        self.claim = claim
        self.steps = steps
    }

    func apply(to claims: inout JSONObject) {
        switch claims[claim] {
        case .string(let text): claims[claim] = changed(text).map { .string($0) }
        case .array(let values):
            claims[claim] = .array(
                values.compactMap { value in value.string.map { changed($0).map { .string($0) } } ?? value })
        default: break
        }
    }

    private func changed(_ text: String) -> String? {
        let result = steps.reduce(String?.some(text)) { text, step in text.flatMap(step.apply) }
        return result?.isEmpty ?? true ? nil : result
    }
}

extension ClaimTransform.Step {
    fileprivate func apply(_ text: String) -> String? {
        switch self {
        case .addPrefix(let prefix): prefix + text
        case .addSuffix(let suffix): text + suffix
        case .removePrefix(let prefix):
            text.utf8.starts(with: prefix.utf8) ? String(Substring(text.utf8.dropFirst(prefix.utf8.count))) : text
        case .removeSuffix(let suffix):
            text.utf8.reversed().starts(with: suffix.utf8.reversed())
                ? String(Substring(text.utf8.dropLast(suffix.utf8.count))) : text
        case .lowerCase: text.lowercased()
        case .replace(let replacement, let keepsOthers): replacement.apply(text) ?? (keepsOthers ? text : nil)
        }
    }
}
