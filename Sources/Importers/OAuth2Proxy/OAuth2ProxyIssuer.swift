import Foundation
import Manifests

/// A provider that speaks OpenID Connect, by its issuer.
struct OAuth2ProxyIssuer {
    private let options: ForeignValue
    private let gateway: OAuth2ProxyGateway
    private let kind: String
    private let issuer: String
    /// The issuer that the file has, where ours is another: what is asked there from inside goes on to be asked there.
    private let inside: String?

    init(_ options: ForeignValue, _ gateway: OAuth2ProxyGateway, _ place: ImportPlace) {
        (self.options, self.gateway) = (options, gateway)
        kind = options.text("provider") ?? "google"
        let own = Self.issuer(kind, options)
        issuer = place.issuer ?? own ?? "https://sso.example.com"
        inside = own.flatMap { place.issuer == nil || $0 == place.issuer ? nil : $0 }
        if place.issuer == nil { Self.demand(own, options) }
    }

    private static func demand(_ issuer: String?, _ options: ForeignValue) {
        let given = options.take("oidc_issuer_url")
        if issuer == nil {
            options.report.say(
                .todo, "oidc_issuer_url", "say with --issuer who the provider is: https://sso.example.com stands there")
        } else if let issuer, issuer.hasPrefix("http://"), !ForeignText.isLocal(issuer) {
            let text = "browsers and we have to reach the issuer by https: give the address under which they do with --issuer"
            given?.say(.todo, text) ?? options.report.say(.todo, "oidc_issuer_url", text)
        }
    }

    /// Those that oauth2-proxy knows by itself.
    private static func issuer(_ kind: String, _ options: ForeignValue) -> String? {
        if let given = options.text("oidc_issuer_url"), !given.isEmpty { return given }
        switch kind {
        case "google": return "https://accounts.google.com"
        case "gitlab": return "https://gitlab.com"
        case "linkedin": return "https://www.linkedin.com/oauth"
        case "login.gov": return "https://secure.login.gov/"
        case "azure", "entra-id", "ms-entra-id":
            return "https://login.microsoftonline.com/\(options.text("azure_tenant") ?? "common")/v2.0"
        default: return realm(options)
        }
    }

    /// Keycloak's old kind of provider has only endpoints, which lie below the issuer.
    private static func realm(_ options: ForeignValue) -> String? {
        guard let login = options.text("login_url"), let end = login.range(of: "/protocol/openid-connect/")?.lowerBound else {
            return nil
        }
        return String(login[..<end])
    }

    func entry(_ client: OAuth2ProxyClient) -> (YAMLValue, String) {
        let method: YAMLValue? = client.key != nil ? "private_key_jwt" : client.secret == nil ? "none" : nil
        if client.key == nil, client.secret == nil {
            options.report.say(.note, "client_secret", "there is none: the client is a public one")
        }
        let value = entries(
            ("id", .string(ForeignText.fileName(kind))), ("name", options.text("provider_display_name").map { .string($0) }),
            ("issuer", .string(issuer)), ("internalURL", inside.map { .string($0) }), ("endpoints", endpoints().unlessEmpty),
            ("clientID", .string(client.id)), ("clientSecret", client.key == nil ? client.secret : nil),
            ("clientKey", client.key),
            ("tokenEndpointAuth", method), ("scopes", Self.scopes(options)),
            ("request", OAuth2ProxyRequest.read(options).unlessEmpty), ("connection", connection()),
            ("algorithms", algorithms()), ("userinfo", options.flag("skip_claims_from_profile_url") ? false : nil),
            ("claims", OAuth2ProxyClaims.read(options, kind).unlessEmpty), ("allow", OAuth2ProxyAdmission.read(options)))
        return (value, issuer)
    }

    static func scopes(_ options: ForeignValue) -> YAMLValue? {
        guard let given = options.text("scope") else {
            let needsGroups = !options.texts("allowed_groups").isEmpty
            return needsGroups ? ["openid", "email", "profile", "groups"] : nil
        }
        let scopes = given.split(whereSeparator: \.isWhitespace).map(String.init)
        return .strings((scopes.contains("openid") ? [] : ["openid"]) + scopes)
    }

    /// By hand only what discovery does not find.
    private func endpoints() -> YAMLValue {
        let isByHand = options.flag("skip_oidc_discovery")
        let names = [
            ("authorization", "login_url"), ("token", "redeem_url"), ("jwks", "oidc_jwks_url"), ("userinfo", "profile_url"),
        ]
        return .map(
            names.compactMap { name, key in
                guard let value = options.take(key), let text = value.text, !text.isEmpty else { return nil }
                let url = text.hasPrefix("/") ? gateway.publicURL + text : text
                if let inside, isBelow(url, inside) || isBelow(url, issuer) {
                    value.say(.note, "found in the provider's metadata, which is asked for at `internalURL`")
                    return nil
                }
                if text.hasPrefix("/") { value.say(.note, "the path is at the public URL's host") }
                if !isByHand { value.say(.note, "stands in place of what the provider's metadata say") }
                return YAMLEntry(name, .string(url))
            })
    }

    private func isBelow(_ url: String, _ issuer: String) -> Bool { url.hasPrefix(issuer.hasSuffix("/") ? issuer : issuer + "/") }

    private func connection() -> YAMLValue? {
        let files = options.take("provider_ca_files")?.items ?? []
        for further in files.dropFirst() { further.say(.todo, "append it to the first: `connection.caFile` is one file") }
        return files.first?.text.map { entries(("caFile", .string($0))) }
    }

    private func algorithms() -> YAMLValue? {
        let known = ["RS256", "PS256", "ES256", "EdDSA"]
        let given = options.take("oidc_enabled_signing_algs")?.items ?? []
        for other in given where !known.contains(other.text ?? "") { other.say(.lost, "signatures of this kind are not taken") }
        let taken = given.compactMap(\.text).filter(known.contains)
        return taken.isEmpty ? nil : .strings(taken)
    }
}

extension ForeignText {
    /// Whether a URL is one of this machine, where http will do.
    static func isLocal(_ url: String) -> Bool {
        ["http://localhost", "http://127.", "http://[::1]"].contains { url.hasPrefix($0) }
    }
}
