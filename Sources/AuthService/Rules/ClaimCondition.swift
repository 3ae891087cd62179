package import Accounts
import JOSE

/// What a rule asks of one claim.
package struct ClaimCondition: Sendable {
    package let claim: ClaimPath
    /// One of these has to match the claim, or one element of a list.
    private let values: [TextPattern]
    /// Those that hold the request's tenant.
    private let tenantValues: [TenantTemplate]

    /// - Parameter values: texts in which `*` stands for anything.
    package init(claim: ClaimPath, values: [String]) {
        self.claim = claim
        self.values = values.filter { TenantTemplate($0) == nil }.map { TextPattern($0) }
        tenantValues = values.compactMap { TenantTemplate($0) }
    }

    func holds(for identity: Identity, tenant: String?) -> Bool {
        let filled = tenant.map { tenant in tenantValues.map { TextPattern($0.filled(with: tenant)) } } ?? []
        return texts(of: identity).contains { text in (values + filled).contains { $0.matches(text) } }
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
