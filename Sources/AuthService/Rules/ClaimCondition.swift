package import Accounts
import JOSE

/// What a rule asks of one claim.
package struct ClaimCondition: Sendable {
    package let claim: ClaimPath
    /// One of these has to match the claim, or one element of a list.
    package let values: [TextPattern]

    package init(claim: ClaimPath, values: [TextPattern]) {
        self.claim = claim
        self.values = values
    }

    func holds(for identity: Identity) -> Bool {
        texts(of: identity).contains { text in values.contains { $0.matches(text) } }
    }

    private func texts(of identity: Identity) -> [String] {
        switch claim.text {
        case "sub": [identity.subject]
        case "iss": [identity.issuer]
        default: claim.value(in: identity.claims).map(Self.texts) ?? []
        }
    }

    /// Texts as they are, whole numbers and booleans as written; a list is each of its elements, and anything else is nothing.
    private static func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .array(let elements): elements.compactMap(text)
        default: text(value).map { [$0] } ?? []
        }
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let flag): String(flag)
        case .integer(let number): String(number)
        case .null, .number, .array, .object: nil
        }
    }
}
