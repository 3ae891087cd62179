package import JOSE
import Yams

/// `provider.clientCertificates`
enum ProviderCertificateSection {
    enum Source: String, Sendable, CaseIterable {
        case connection, forwarded
    }

    static let source = Key.defaulted(
        "source", .choice(), Source.connection,
        "`connection`: clients show them to `listen.web`; `forwarded`: to the gateway, which says so in `x-forwarded-client-cert`."
    )
    static let caFile = Key.optional(
        "caFile", ClientCertificateSection.authorities, "PEM: who has signed those of `tls_client_auth`, directly.")
    static let url = Key.optional(
        "url", .issuer(), "Where clients with a certificate find the endpoints, in place of the issuer.")

    static let section = Section("clientCertificates", [source.listed, caFile.listed, url.listed]) { fields in
        ProviderCertificateSettings(
            isForwarded: fields(source) == .forwarded, authorities: fields(caFile) ?? [], url: fields(url))
    }
}

/// Certificates of the provider's clients (RFC 8705).
package struct ProviderCertificateSettings: Sendable {
    /// Whether a gateway is shown them, and says so; otherwise we are.
    package var isForwarded: Bool
    package var authorities: [Certificate]
    package var url: ConfiguredURL?
}
