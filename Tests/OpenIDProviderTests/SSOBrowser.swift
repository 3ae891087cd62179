import JOSE
import Synchronization
import Testing
import Web

/// A browser at a provider: keeps its cookies, follows our own redirects, and stops where a client would go on.
final class SSOBrowser: Sendable {
    let provider: TestProvider
    private let address: String
    private let jar = Mutex<[String: String]>([:])

    init(_ provider: TestProvider, from address: String = "") {
        self.provider = provider
        self.address = address
    }

    var cookies: [String: String] { jar.withLock { $0 } }

    func plant(_ cookies: [String: String]) { jar.withLock { $0.merge(cookies) { $1 } } }

    func forget(_ name: String) { jar.withLock { $0[name] = nil } }

    func get(_ target: String) async -> WebResponse { await follow(await send("GET", target, body: "")) }

    func post(_ target: String, _ fields: [String: String]) async -> WebResponse {
        let body = QueryString(fields.map { (name: $0.key, value: $0.value) }).encoded
        return await follow(await send("POST", target, headers: ["sec-fetch-site": "same-origin"], body: body))
    }

    func authorize(_ changes: [String: String] = [:], at path: String = "/auth") async -> WebResponse {
        let parameters = TestProvider.parameters.merging(changes) { $1 }.map { (name: $0.key, value: $0.value) }
        return await get(QueryString(parameters).appending(to: path))
    }

    /// Posts the only form of a page with further fields.
    func submit(_ page: WebResponse, _ fields: [String: String], headers: HeaderList = ["sec-fetch-site": "same-origin"])
        async throws -> WebResponse
    {
        let form = try TestProvider.form(in: page)
        let all = form.fields.merging(fields) { $1 }.map { (name: $0.key, value: $0.value) }
        return await follow(await send("POST", form.action, headers: headers, body: QueryString(all).encoded))
    }

    /// Fills in a login page.
    func signIn(
        _ page: WebResponse, as login: String = "jane@example.com", _ more: [String: String] = [:]
    ) async throws -> WebResponse {
        try await submit(page, ["login": login, "password": "right"].merging(more) { $1 })
    }

    /// Signs in for a client.
    func signIn(_ changes: [String: String] = [:], as login: String = "jane@example.com") async throws -> WebResponse {
        try await signIn(await authorize(changes), as: login)
    }

    private func send(_ method: String, _ target: String, headers: HeaderList = [:], body: String) async -> WebResponse {
        var headers = headers
        if !cookies.isEmpty { headers.add("cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")) }
        if method == "POST" { headers.add("content-type", "application/x-www-form-urlencoded") }
        let response = await provider.send(method, target, headers: headers, body: body, from: address)
        for field in response.headers.all("set-cookie") { keep(field) }
        return response
    }

    private func keep(_ field: String) {
        let pair = field.prefix { $0 != ";" }
        let name = String(pair.prefix { $0 != "=" })
        let value = String(pair.dropFirst(name.count + 1))
        jar.withLock { $0[name] = field.contains("Max-Age=0") ? nil : value }
    }

    private func follow(_ response: WebResponse) async -> WebResponse {
        guard response.status == 303, let location = response.headers.first("location") else { return response }
        for own in ["/dex", TestProvider.issuer] where location.hasPrefix(own + "/") {
            return await follow(await send("GET", String(location.dropFirst(own.count)), body: ""))
        }
        return response
    }
}

extension WebResponse {
    var isLoginPage: Bool { status == 200 && text.contains("type=\"password\"") }

    /// The code that a redirect to a client carries.
    var code: String? { redirected["code"] }

    /// The error that it carries.
    var redirectedError: String? { redirected["error"] }

    private var redirected: [String: String] {
        guard status == 303, let location = headers.first("location"),
            let fields = FormFields(query: location.drop { $0 != "?" }.dropFirst())
        else { return [:] }
        return Dictionary(fields.fields.map { ($0.name, $0.value) }) { first, _ in first }
    }
}

extension TestProvider {
    /// The claims of the ID token that a redirect's code gives `app`.
    func idToken(_ response: WebResponse) async throws -> JSONObject {
        let code = try #require(response.code)
        return try JSONWebSignature(compact: try Tokens(await token(Self.codeRequest(code))).id).claims
    }
}
