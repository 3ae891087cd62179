/// An entry of a directory.
struct LDAPEntry: Sendable {
    let dn: String
    /// By their names in lower case, as attribute names have no case (RFC 4512 section 2.5).
    private let attributes: [String: [[UInt8]]]

    init(dn: String, attributes: [String: [[UInt8]]]) {
        self.dn = dn
        self.attributes = attributes
    }

    /// The values of an attribute as texts; what is no text (Active Directory's objectGUID) as hexadecimal digits. `DN` is the
    /// entry's name, where it has no such attribute.
    func values(_ attribute: String) -> [String] {
        let name = attribute.lowercased()
        guard let values = attributes[name] else { return name == Self.dnName ? [dn] : [] }
        return values.map { String(validating: $0, as: UTF8.self) ?? Self.hexadecimal($0) }
    }

    /// The first value that is not empty.
    func first(_ attribute: String) -> String? { values(attribute).first { !$0.isEmpty } }

    /// For `values`: the entry's name.
    static let dnName = "dn"

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// One question to a directory.
struct LDAPSearch: Sendable {
    var base: String
    var scope: LDAPConfiguration.Scope
    var filter: String
    var attributes: [String]
    /// More entries than these are a failure.
    var limit: Int

    static let everything = "(objectClass=*)"

    /// Whether there is the entry `dn`, and the service account is shown it: no attributes.
    static func presence(of dn: String) -> LDAPSearch { presence(below: dn, .base, everything) }

    /// Whether anything below `dn` fits `filter`.
    static func presence(below dn: String, _ scope: LDAPConfiguration.Scope, _ filter: String) -> LDAPSearch {
        LDAPSearch(base: dn, scope: scope, filter: filter, attributes: ["1.1"], limit: 1)
    }
}
