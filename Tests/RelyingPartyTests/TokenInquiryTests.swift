import JOSE
import OpenIDConnect
import RelyingParty
import Synchronization
import Testing
import Web

/// Answers every request with one response, and remembers the requests.
private final class FixedExchange: ProviderExchange {
    let response: ProviderResponse
    let requests = Mutex<[ProviderRequest]>([])

    init(_ body: String, status: Int = 200) { response = ProviderResponse(status: status, body: Array(body.utf8)) }

    func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        requests.withLock { $0.append(request) }
        return response
    }
}

struct TokenInquiryTests {
    private let clock = MovableClock().clock

    private func introspection(_ exchange: FixedExchange) -> Introspection {
        let directory = IssuerDirectory(issuer: "https://i.example", location: .discovery, exchange: exchange, clock: clock)
        let client = ProviderClient(
            id: "i", issuer: "https://i.example", clientID: "c", clientSecret: Secret(utf8: "s"),
            authenticationMethod: .clientSecretBasic)
        return Introspection(directory: directory, endpoint: "https://i.example/in", client: client, exchange: exchange)
    }

    private func review(_ exchange: FixedExchange) -> TokenReview {
        TokenReview(api: KubernetesAPI(server: "https://k.example/", exchange: exchange), audiences: ["gatehouse"])
    }

    /// The claims, `inactive`, or `failed`.
    private func text(_ inquiry: any TokenInquiry) async -> String {
        do throws(UpstreamFailure) {
            switch try await inquiry.answer(about: Secret(utf8: "t&=")) {
            case .active(let claims): return JSONValue.object(claims).jsonText
            case .inactive: return "inactive"
            }
        } catch { return "failed" }
    }

    @Test(arguments: [
        (#"{"active":true,"sub":"a"}"#, 200, #"{"active":true,"sub":"a"}"#), (#"{"active":false,"sub":"a"}"#, 200, "inactive"),
        (#"{"active":"true"}"#, 200, "failed"), (#"{}"#, 200, "failed"), ("[]", 200, "failed"),
        (#"{"active":true,"active":false}"#, 200, "failed"), (#"{"active":true}"#, 401, "failed"), ("", 500, "failed"),
    ])
    func introspectionAnswers(body: String, status: Int, expected: String) async {
        #expect(await text(introspection(FixedExchange(body, status: status))) == expected)
    }

    @Test func introspectionAuthenticatesAndSendsTheTokenInTheBody() async throws {
        let exchange = FixedExchange(#"{"active":false}"#)
        _ = await text(introspection(exchange))
        let request = try #require(exchange.requests.withLock { $0.first })
        #expect(request.headers.first("authorization") == "Basic Yzpz" && request.url == "https://i.example/in")
        #expect(FormFields(body: request.body)?.first("token") == "t&=")
    }

    private static let metadata = """
        {"issuer":"https://i.example","introspection_endpoint":"https://i.example/in","userinfo_endpoint":"https://i.example/u",
        "token_endpoint":"https://i.example/t","mtls_endpoint_aliases":{"introspection_endpoint":"https://mtls.i.example/in",
        "userinfo_endpoint":"https://mtls.i.example/u"}}
        """

    private func directory() -> IssuerDirectory {
        IssuerDirectory(
            issuer: "https://i.example", location: .discovery, exchange: FixedExchange(Self.metadata), clock: clock)
    }

    @Test(arguments: [
        (ClientAuthenticationMethod.tlsClientAuth, "https://mtls.i.example/in", ["token", "token_type_hint", "client_id"]),
        (.clientSecretPost, "https://i.example/in", ["token", "token_type_hint", "client_id", "client_secret"]),
        (
            .clientSecretJWT, "https://i.example/in",
            ["token", "token_type_hint", "client_id", "client_assertion_type", "client_assertion"]
        ),
    ])
    func introspectionAuthenticatesAsTokenRequestsDo(
        method: ClientAuthenticationMethod, url: String, fields: [String]
    ) async throws {
        let exchange = FixedExchange(#"{"active":false}"#)
        let client = ProviderClient(
            id: "i", issuer: "https://i.example", clientID: "c", clientSecret: Secret(utf8: "s"), authenticationMethod: method)
        let inquiry = Introspection(
            directory: directory(), endpoint: nil, client: client, exchange: exchange, clock: clock)
        #expect(await text(inquiry) == "inactive")
        let request = try #require(exchange.requests.withLock { $0.first })
        #expect(request.url == url && request.headers.first("authorization") == nil)
        let form = try #require(FormFields(body: request.body))
        for field in fields { #expect(form.first(field) != nil, "\(field)") }
        if let assertion = form.first("client_assertion") {
            let claims = try JSONWebSignature(compact: assertion).claims
            #expect(claims["aud"] == "https://i.example/t")
        }
    }

    @Test(arguments: [(true, "https://mtls.i.example/u"), (false, "https://i.example/u")])
    func userinfoIsAskedWhereCertificatesAre(showsCertificate: Bool, url: String) async throws {
        let exchange = FixedExchange(#"{"sub":"a"}"#)
        let inquiry = UserinfoInquiry(directory: directory(), exchange: exchange, showsCertificate: showsCertificate)
        #expect(await text(inquiry) == #"{"sub":"a"}"#)
        #expect(exchange.requests.withLock { $0.first?.url } == url)
    }

    @Test(arguments: [
        (
            #"{"status":{"authenticated":true,"user":{"username":"u","groups":["g"]},"audiences":["gatehouse"]}}"#, 201,
            #"{"sub":"u","groups":["g"],"aud":["gatehouse"]}"#
        ),
        (#"{"status":{"authenticated":true,"user":{"username":"u"}}}"#, 200, #"{"sub":"u","aud":[]}"#),
        (#"{"status":{"authenticated":false}}"#, 201, "inactive"), (#"{"status":{"authenticated":"true"}}"#, 201, "inactive"),
        (#"{"status":{}}"#, 201, "inactive"), (#"{"status":{"authenticated":true}}"#, 201, "failed"), (#"{}"#, 201, "failed"),
        (#"{"kind":"Status"}"#, 403, "failed"),
    ])
    func reviewAnswers(body: String, status: Int, expected: String) async {
        #expect(await text(review(FixedExchange(body, status: status))) == expected)
    }

    @Test func aReviewAsksForOurAudiences() async throws {
        let exchange = FixedExchange("{}")
        _ = await text(review(exchange))
        let request = try #require(exchange.requests.withLock { $0.first })
        #expect(request.url == "https://k.example/apis/authentication.k8s.io/v1/tokenreviews")
        let spec = try JSONReader.read(request.body).object?["spec"]
        #expect(spec == ["token": "t&=", "audiences": ["gatehouse"]])
    }

    @Test(arguments: [
        (#"{"sub":"a"}"#, 200, #"{"sub":"a"}"#), ("", 401, "inactive"), ("", 403, "inactive"), ("", 500, "failed"),
        ("x", 200, "failed"),
    ])
    func userinfoAnswers(body: String, status: Int, expected: String) async throws {
        let provider = FixedExchange(#"{"issuer":"https://i.example","userinfo_endpoint":"https://i.example/u"}"#)
        let directory = IssuerDirectory(issuer: "https://i.example", location: .discovery, exchange: provider, clock: clock)
        let inquiry = UserinfoInquiry(directory: directory, exchange: FixedExchange(body, status: status))
        #expect(await text(inquiry) == expected)
    }

    @Test(arguments: ["token\n", "", "two words"]) func ourOwnTokenIsOneWord(text: String) async {
        let exchange = CredentialedExchange(FixedExchange("{}")) { Secret(utf8: text) }
        await #expect(throws: UpstreamFailure.self) { try await exchange.exchange(ProviderRequest(url: "https://k.example")) }
    }

    @Test(arguments: [
        #"{"jwks_uri":"https://i.example/k"}"#, #"{"issuer":"https://other.example"}"#,
        #"{"issuer":"https://i.example","jwks_uri":"http://i.example/k"}"#, "{}",
    ])
    func metadataOfOthersAreNotTaken(body: String) async {
        let directory = IssuerDirectory(
            issuer: "https://i.example", location: .discovery, exchange: FixedExchange(body), clock: clock)
        await #expect(throws: UpstreamFailure.self) { try await directory.metadata() }
    }
}
