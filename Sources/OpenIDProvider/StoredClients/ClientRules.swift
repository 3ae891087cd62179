package import JOSE
import OpenIDConnect
import Web

/// What may be said of a client of the store. Each answers what is wrong, in words for an administrator.
package enum ClientRules {
    /// One member of a description.
    struct Member: Sendable {
        let name: String
        let problem: String
        /// Whether the value could be taken.
        let take: @Sendable (JSONValue, inout ClientDescription) -> Bool
        /// What `null` does; nothing for what a client always has.
        var remove: (@Sendable (inout ClientDescription) -> Void)?
    }

    package static let names = members.map(\.name)

    /// What members say, on top of what is said already.
    /// - Returns: what is wrong with them, or with the whole that they make.
    package static func apply(_ given: JSONObject, to client: inout ClientDescription) -> String? {
        take(given, &client) ?? problem(client)
    }

    /// - Returns: what is wrong with one of them.
    static func take(_ given: JSONObject, _ client: inout ClientDescription) -> String? {
        for member in members {
            guard let value = given[member.name] else { continue }
            if value == .null, let remove = member.remove {
                remove(&client)
            } else if !member.take(value, &client) {
                return "`\(member.name)` \(member.problem)"
            }
        }
        return nil
    }

    /// What is wrong with it as a whole.
    static func problem(_ client: ClientDescription) -> String? {
        if client.isPublic, client.authentication != nil { return "a public client does not authenticate" }
        if client.keys != nil, client.keysURI != nil { return "`jwks` and `jwks_uri` are both there: keep one of them" }
        if client.authentication == .privateKeyJWT, client.keys == nil, client.keysURI == nil {
            return "private_key_jwt needs `jwks` or `jwks_uri`"
        }
        if client.grantTypes.contains(.authorizationCode), client.redirectURIs.isEmpty {
            return "`redirect_uris` is empty: authorization_code needs one"
        }
        if client.isPublic, client.grantTypes.contains(.clientCredentials) {
            return "a public client cannot have client_credentials (RFC 6749 §4.4)"
        }
        return nil
    }

    package static func problem(id: String) -> String? {
        let isFine = (1...255).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isFine && !id.utf8.starts(with: ClientRegistration.prefix.utf8)
            ? nil : "`id` is not 1 to 255 visible ASCII characters, or begins with \(ClientRegistration.prefix)"
    }

    private static let authentications: [Client.Authentication] = [.clientSecretBasic, .clientSecretPost, .privateKeyJWT]

    static let members: [Member] = [
        .init(name: "name", problem: "is not 1 to 256 bytes on one line") { value, client in
            Read.text(value, Read.isLine) { client.name = $0 }
        },
        .init(name: "public", problem: "is neither true nor false") { value, client in
            Read.flag(value) { client.isPublic = $0 }
        },
        .init(name: "redirect_uris", problem: Read.uris) { value, client in
            Read.texts(value, atMost: 20, RegistrationChecks.isTaken) { client.redirectURIs = $0 }
        },
        .init(name: "post_logout_redirect_uris", problem: Read.uris) { value, client in
            Read.texts(value, atMost: 20, RegistrationChecks.isTaken) { client.postLogoutRedirectURIs = $0 }
        },
        .init(
            name: "grant_types",
            problem: "are none of \(GrantType.allCases.map(\.shortName).joined(separator: ", "))"
        ) { value, client in
            Read.texts(value, atMost: 10, { GrantType(shortName: $0) != nil }) { names in
                client.grantTypes = GrantType.allCases.filter { type in names.contains { sameBytes($0, type.shortName) } }
            }
        },
        .init(
            name: "token_endpoint_auth_method",
            problem: "is none of \(authentications.map(\.rawValue).joined(separator: ", "))"
        ) { value, client in
            guard let method = value.string.flatMap(Client.Authentication.init(rawValue:)), authentications.contains(method)
            else { return false }
            client.authentication = method
            return true
        } remove: {
            $0.authentication = nil
        },
        .init(name: "jwks", problem: "is no key set with 1 to 10 public keys that could be used") { value, client in
            guard let keys = JSONWebKeySet(json: value), (1...10).contains(keys.keys.count) else { return false }
            client.keys = keys.json
            return true
        } remove: {
            $0.keys = nil
        },
        .init(name: "jwks_uri", problem: Read.url) { value, client in
            Read.text(value, Read.isURL) { client.keysURI = $0 }
        } remove: {
            $0.keysURI = nil
        },
        .init(name: "scopes", problem: "are not up to 50 values of scopes") { value, client in
            Read.texts(value, atMost: 50, { Scope(parsing: $0)?.values.count == 1 && $0.utf8.count <= 255 }) {
                client.scopes = $0
            }
        } remove: {
            $0.scopes = nil
        },
        .init(name: "connectors", problem: "are not up to 50 ids") { value, client in
            Read.texts(value, atMost: 50, Read.isLine) { client.connectors = $0 }
        } remove: {
            $0.connectors = nil
        },
        .init(name: "groups", problem: "are not up to 200 names of 1 to 256 bytes on one line") { value, client in
            Read.texts(value, atMost: 200, Read.isLine) { client.groups = $0 }
        } remove: {
            $0.groups = nil
        },
        .init(name: "audience", problem: "is not up to 20 texts of 1 to 256 bytes on one line") { value, client in
            Read.texts(value, atMost: 20, Read.isLine) { client.audience = $0 }
        },
        .init(name: "access_token_format", problem: "is neither jwt nor opaque") { value, client in
            guard let format = value.string.flatMap(Client.AccessTokenFormat.init(rawValue:)) else { return false }
            client.accessTokenFormat = format
            return true
        },
        .init(name: "trusted_peers", problem: "are not up to 50 client ids") { value, client in
            Read.texts(value, atMost: 50, { problem(id: $0) == nil }) { client.trustedPeers = $0 }
        },
        .init(name: "skip_consent", problem: "is neither true nor false") { value, client in
            Read.flag(value) { client.skipsConsent = $0 }
        } remove: {
            $0.skipsConsent = nil
        },
        .init(name: "require_pkce", problem: "is neither true nor false") { value, client in
            Read.flag(value) { client.requiresPKCE = $0 }
        },
        .init(name: "backchannel_logout_uri", problem: Read.url) { value, client in
            Read.text(value, Read.isURL) { client.backChannelLogoutURI = $0 }
        } remove: {
            $0.backChannelLogoutURI = nil
        },
        .init(name: "frontchannel_logout_uri", problem: Read.url) { value, client in
            Read.text(value, Read.isURL) { client.frontChannelLogoutURI = $0 }
        } remove: {
            $0.frontChannelLogoutURI = nil
        },
        .lifetime("id_token_lifetime", atMost: 7 * 86400, \.idToken),
        .lifetime("access_token_lifetime", atMost: 7 * 86400, \.accessToken),
        .lifetime("refresh_token_idle", atMost: 5 * 366 * 86400, \.refreshIdle),
        .lifetime("refresh_token_lifetime", atMost: 5 * 366 * 86400, \.refreshLifetime),
        .init(name: "disabled", problem: "is neither true nor false") { value, client in
            Read.flag(value) { client.isDisabled = $0 }
        },
    ]
}

extension ClientRules.Member {
    /// Seconds, within what the configuration takes for them.
    fileprivate static func lifetime(
        _ name: String, atMost longest: Int64, _ path: any WritableKeyPath<ClientLifetimes, Int64?> & Sendable
    ) -> ClientRules.Member {
        .init(name: name, problem: "is not a number of seconds from 60 to \(longest)") { value, client in
            guard let seconds = value.integer, (60...longest).contains(seconds) else { return false }
            client.lifetimes[keyPath: path] = seconds
            return true
        } remove: {
            $0.lifetimes[keyPath: path] = nil
        }
    }
}

/// Takes a JSON value where it is of the kind that belongs there.
private enum Read {
    static let uris = "are not up to 20 of https, http on loopback, or a scheme with a dot in it"
    static let url = "is neither https nor http on loopback"

    static func text(_ value: JSONValue, _ isFine: (String) -> Bool, _ take: (String) -> Void) -> Bool {
        guard let text = value.string, isFine(text) else { return false }
        take(text)
        return true
    }

    static func texts(
        _ value: JSONValue, atMost most: Int, _ isFine: (String) -> Bool, _ take: ([String]) -> Void
    ) -> Bool {
        guard value.array != nil, let texts = value.stringList, texts.count <= most, texts.allSatisfy(isFine) else {
            return false
        }
        take(texts)
        return true
    }

    static func flag(_ value: JSONValue, _ take: (Bool) -> Void) -> Bool {
        guard let flag = value.bool else { return false }
        take(flag)
        return true
    }

    static func isLine(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    static func isURL(_ text: String) -> Bool { RegistrationChecks.isTaken(text) && Origin(text) != nil }
}
