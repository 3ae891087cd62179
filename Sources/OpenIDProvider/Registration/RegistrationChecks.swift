import JOSE
import OpenIDConnect
import Web

/// A client's request to be registered (RFC 7591 §3.1).
struct RegistrationRequest: Sendable {
    let web: WebRequest
    /// `nil` for a body that is no JSON object.
    let members: JSONObject?

    /// A member that is null says as little as one that is not there (RFC 7592 §2.2).
    init(_ web: WebRequest) {
        self.web = web
        let object = (try? JSONReader.read(web.body, maximumBytes: 16 * 1024, maximumDepth: 6))?.object
        members = object.map { JSONObject($0.members.filter { $0.value != .null }.map { ($0.name, $0.value) }) }
    }

    /// The access token of the request, of this scheme and in this header only (RFC 6750 §2.1).
    var bearer: Secret? {
        let given = web.headers.all("authorization")
        guard given.count == 1, let header = given.first, header.utf8.starts(with: "Bearer ".utf8) else { return nil }
        return Secret(utf8: header.dropFirst("Bearer ".count))
    }

    func strings(_ name: String, default usual: [String] = []) -> [String]? {
        members?[name].map { $0.stringList } ?? usual
    }
}

/// One thing that a request to be registered must fulfil.
struct RegistrationCheck: Sendable {
    let name: String
    let section: String
    let status: Int
    let error: OAuthError
    let isFulfilled: @Sendable (RegistrationRequest, IssuerSettings) -> Bool

    init(
        _ name: String, _ section: String, _ code: OAuthError.Code, _ description: String, status: Int = 400,
        _ isFulfilled: @escaping @Sendable (RegistrationRequest, IssuerSettings) -> Bool
    ) {
        self.name = name
        self.section = section
        self.status = status
        self.isFulfilled = isFulfilled
        error = OAuthError(code, description)
    }
}

/// Every check of the registration endpoint, in order.
enum RegistrationChecks {
    static let all: [RegistrationCheck] = access + metadata

    private static let access: [RegistrationCheck] = [
        .init("method POST", "RFC 7591 §3.1", .invalidRequest, "this endpoint takes POST only", status: 405) { request, _ in
            sameBytes(request.web.method, "POST")
        },
        .init(
            "initial access token", "RFC 7591 §3, RFC 6750 §3.1", .invalidToken, "the initial access token is missing or wrong",
            status: 401
        ) { request, settings in
            guard let given = request.bearer, let wanted = settings.registration?.initialAccessToken else { return false }
            return given.matches(wanted)
        },
    ]

    /// Of what a client says about itself.
    static let metadata: [RegistrationCheck] = [
        .init("a JSON object", "RFC 7591 §3.1", .invalidClientMetadata, "the body is no JSON object") { request, _ in
            request.members != nil
        },
        .init(
            "ways of authentication", "RFC 7591 §2", .invalidClientMetadata, "token_endpoint_auth_method is not supported"
        ) { request, _ in
            request.members?["token_endpoint_auth_method"].map {
                $0.string.flatMap(Client.Authentication.init(rawValue:)).map(registered.contains) ?? false
            } ?? true
        },
        .init(
            "algorithm of ID tokens", "OpenID Connect Dynamic Client Registration §2", .invalidClientMetadata,
            "id_token_signed_response_alg is not one of those that discovery names"
        ) { request, settings in
            request.members?["id_token_signed_response_alg"].map { value in
                value.string.flatMap(SignatureAlgorithm.init(rawValue:)).map(settings.signingAlgorithms.contains) ?? false
            } ?? true
        },
        .init("grant types", "RFC 7591 §2", .invalidClientMetadata, "grant_types has one that is not supported") { request, _ in
            request.strings("grant_types")?.allSatisfy { GrantType(rawValue: $0).map(GrantType.usual.contains) ?? false } ?? false
        },
        .init("response types", "RFC 7591 §2", .invalidClientMetadata, "the only response type is code") { request, _ in
            request.strings("response_types")?.allSatisfy { sameBytes($0, "code") } ?? false
        },
        .init("name", "RFC 7591 §2", .invalidClientMetadata, "client_name is no text of at most 100 bytes") { request, _ in
            request.members?["client_name"].map { value in
                value.string.map {
                    (1...100).contains($0.utf8.count)
                        && $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
                }
                    ?? false
            } ?? true
        },
        .init("scope", "RFC 7591 §2", .invalidClientMetadata, "scope is malformed") { request, _ in
            request.members?["scope"].map { value in
                value.string.map { $0.utf8.count <= 512 && Scope(parsing: $0) != nil } ?? false
            } ?? true
        },
        .init("keys", "RFC 7591 §2", .invalidClientMetadata, "private_key_jwt needs jwks; jwks_uri is not supported") {
            request, _ in
            let signs = request.members?["token_endpoint_auth_method"] == "private_key_jwt"
            guard request.members?["jwks_uri"] == nil else { return false }
            guard let keys = request.members?["jwks"] else { return !signs }
            return JSONWebKeySet(json: keys).map { (1...4).contains($0.keys.count) } ?? false
        },
        .init(
            "redirect URIs", "RFC 7591 §2, §5", .invalidRedirectURI,
            "redirect_uris must be up to 5 of https, http on loopback, or a scheme with a dot in it"
        ) { request, _ in
            guard let uris = request.strings("redirect_uris"), uris.count <= 5 else { return false }
            let needsOne = request.strings("grant_types", default: ["authorization_code"])?.contains("authorization_code") ?? true
            return uris.allSatisfy(isTaken) && (!uris.isEmpty || !needsOne)
        },
    ]

    /// Behind all the others, as it has to ask the store.
    static let room = RegistrationCheck(
        "room for one more", "RFC 7591 §3.2.2", .temporarilyUnavailable, "there are too many registered clients", status: 503
    ) { _, _ in false }

    /// Nobody vouches for the name in a certificate here.
    private static let registered: [Client.Authentication] = [
        .clientSecretBasic, .clientSecretPost, .clientSecretJWT, .privateKeyJWT, .identified,
    ]

    /// https, http on loopback, or a scheme of an application's own.
    static func isTaken(_ uri: String) -> Bool {
        let refused = Set("\"#*<>\\^`{|}".utf8)
        guard (1...512).contains(uri.utf8.count), uri.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !refused.contains($0) })
        else {
            return false
        }
        if let origin = Origin(uri) {
            let isLoopback = ["localhost", "127.0.0.1", "[::1]"].contains { sameBytes($0, origin.host) }
            return !uri.utf8.contains(UInt8(ascii: "@")) && (origin.scheme == .https || isLoopback)
        }
        let scheme = uri.utf8.prefix { $0 != UInt8(ascii: ":") }
        return scheme.contains(UInt8(ascii: ".")) && FormTarget(url: uri) != nil
    }
}
