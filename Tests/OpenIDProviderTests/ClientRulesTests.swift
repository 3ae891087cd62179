import JOSE
import OpenIDProvider
import Testing

/// What administrators may say of a client of the store.
@Suite struct ClientRulesTests {
    private static let uris = JSONObject([("redirect_uris", ["https://app.example.com/cb"])])

    private static func with(_ name: String, _ value: JSONValue) -> JSONObject {
        var members = uris
        members[name] = value
        return members
    }

    @Test func whatIsSaidIsWhatIsStored() throws {
        let said: JSONValue = [
            "name": "Notes", "public": false, "redirect_uris": ["https://a.example/cb", "com.example.app:/cb"],
            "post_logout_redirect_uris": ["http://127.0.0.1/bye"], "grant_types": ["authorization_code", "token_exchange"],
            "access_token_format": "opaque", "disabled": true, "token_endpoint_auth_method": "client_secret_post",
            "scopes": ["openid", "own:read"], "connectors": ["ldap"], "groups": ["a"], "audience": ["https://api"],
            "trusted_peers": ["cli"], "skip_consent": false, "require_pkce": true,
            "backchannel_logout_uri": "https://a.example/out",
            "frontchannel_logout_uri": "https://a.example/frame", "jwks_uri": "https://a.example/jwks",
            "id_token_lifetime": 60, "access_token_lifetime": 604_800, "refresh_token_idle": 3600,
            "refresh_token_lifetime": 158_112_000,
        ]
        let members = try #require(said.object)
        var client = ClientDescription()
        #expect(ClientRules.apply(members, to: &client) == nil)
        for member in members.members { #expect(client.json[member.name] == member.value, "\(member.name)") }
        let stored = StoredClient(id: "a", description: client, secrets: [], createdAt: UnixTime(seconds: 1))
        #expect(StoredClient(id: "a", version: 1, createdAt: UnixTime(seconds: 1), content: stored.content) == stored)
    }

    @Test func nullTakesAwayWhatNeedNotBeThere() {
        var client = ClientDescription()
        #expect(ClientRules.apply(Self.with("groups", ["a"]), to: &client) == nil)
        #expect(ClientRules.apply(JSONObject([("groups", .null)]), to: &client) == nil && client.groups == nil)
        #expect(ClientRules.apply(JSONObject([("name", .null)]), to: &client) != nil)
    }

    @Test func keysAreGivenInOneWay() {
        var client = ClientDescription()
        var both = Self.with("jwks_uri", "https://app.example.com/jwks")
        both["token_endpoint_auth_method"] = "private_key_jwt"
        #expect(ClientRules.apply(both, to: &client) == nil)
        both["jwks"] = TestKeys.published.json
        #expect(ClientRules.apply(both, to: &client) == "`jwks` and `jwks_uri` are both there: keep one of them")
        #expect(ClientRules.apply(JSONObject([("jwks_uri", .null)]), to: &client) == nil)
        #expect(ClientRules.apply(JSONObject([("jwks", .null)]), to: &client) == "private_key_jwt needs `jwks` or `jwks_uri`")
    }

    static let refused: [(name: String, value: JSONValue)] = [
        ("name", ""), ("name", "a\u{7}b"), ("public", "true"), ("redirect_uris", []),
        ("redirect_uris", ["http://app.example.com/cb"]),
        ("redirect_uris", ["https://app.example.com/#x"]), ("redirect_uris", ["javascript:alert(1)"]),
        ("redirect_uris", "https://a"),
        ("redirect_uris", [1]), ("grant_types", ["implicit"]), ("token_endpoint_auth_method", "tls_client_auth"),
        ("token_endpoint_auth_method", "client_secret_jwt"), ("token_endpoint_auth_method", "private_key_jwt"),
        ("jwks", ["keys": []]), ("scopes", ["a b"]), ("groups", [""]), ("access_token_format", "paper"),
        ("backchannel_logout_uri", "com.example.app:/out"), ("frontchannel_logout_uri", "http://app.example.com/out"),
        ("disabled", 1), ("jwks_uri", "http://app.example.com/jwks"), ("jwks_uri", "file:///etc/passwd"), ("jwks_uri", 1),
        ("id_token_lifetime", 59), ("access_token_lifetime", 604_801), ("refresh_token_idle", "60"),
        ("refresh_token_lifetime", 158_112_001),
    ]

    @Test(arguments: refused.indices) func refuses(_ index: Int) {
        var client = ClientDescription()
        let row = Self.refused[index]
        #expect(ClientRules.apply(Self.with(row.name, row.value), to: &client) != nil, "\(row)")
    }

    @Test(arguments: ["", "a b", "gh_dc_x", String(repeating: "a", count: 256), "ü"]) func idsThatAreNone(_ id: String) {
        #expect(ClientRules.problem(id: id) != nil)
    }
}
