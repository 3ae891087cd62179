package import JOSE
import Yams

/// `authService.clientCertificates[]`
enum ClientCertificateSection {
    static let caFile = Key.optional(
        "caFile", authorities, "PEM: the authorities that have signed the certificates; each has to be the direct signer.")
    static let trustDomain = Key.optional(
        "trustDomain", domain,
        "The SPIFFE trust domain of the certificates' one URI; the gateway has to believe nobody else for it.")
    static let user = Key.optional(
        "user", Shape<String>.text(),
        "What names the user: `cn`, `uid`, `email`, `uri`, `spiffe.serviceAccount`; `uri` with `trustDomain`, else `cn`.")
    static let email = Key.defaulted(
        "email", Shape<String>.text(), "email", "Where the e-mail address is: by default the one among the alternative names.")
    static let groups = Key.defaulted(
        "groups", .list(of: Shape<String>.text()), ["ou"], "What the groups are: `ou`, `o`, `dns`, `spiffe.namespace`.")
    static let userPrefix = Key.optional("userPrefix", Shape<String>.text(), "Put in front of the user's name.")
    static let groupPrefix = Key.optional("groupPrefix", Shape<String>.text(), "Put in front of each group.")

    static let section = Section(
        "clientCertificates entry",
        [
            caFile.listed, trustDomain.listed, user.listed, email.listed, groups.listed, userPrefix.listed, groupPrefix.listed,
        ]
    ) { fields in
        let domain = fields(trustDomain)
        let certificates = fields(caFile)
        let given = [caFile.name, trustDomain.name].filter { fields.given($0) != nil }
        if given.count != 1 {
            fields.reading.error(
                "the entry says \(given.isEmpty ? "nothing" : "two things") about who has signed the certificates",
                "write one of `caFile` and `trustDomain`", at: fields.node)
        }
        return ClientCertificateSettings(
            authority: domain.map { .trustDomain($0) } ?? .certificates(certificates ?? []),
            user: fields(user) ?? (domain == nil ? "cn" : "uri"), email: fields(email), groups: fields(groups),
            userPrefix: fields(userPrefix) ?? "", groupPrefix: fields(groupPrefix) ?? "")
    }

    static let authorities = Shape<[UInt8]>.pem("a certificate").then { pem, node, reading -> [Certificate]? in
        guard let certificates = Certificate.all(inPEM: pem), !certificates.isEmpty, certificates.allSatisfy(\.isAuthority) else {
            return reading.refuse(
                "the file holds something else than authorities' certificates", "keep those that may sign others (`CA:TRUE`)",
                node)
        }
        return certificates
    }

    private static let domain = Shape<String>.token(
        "a SPIFFE trust domain", "lower-case letters, digits and `-._`, without `spiffe://`", atMost: 255
    ) { (isAlphanumeric($0) || "-._".utf8.contains($0)) && !(0x41...0x5A).contains($0) }
}

/// Whose client certificates say who somebody is.
package struct ClientCertificateSettings: Sendable {
    package enum Authority: Sendable {
        case certificates([Certificate])
        case trustDomain(String)
    }

    package var authority: Authority
    /// Claims that are made of a certificate.
    package var user: String
    package var email: String
    package var groups: [String]
    package var userPrefix: String
    package var groupPrefix: String
}
