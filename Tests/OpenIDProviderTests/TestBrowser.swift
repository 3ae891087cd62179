import JOSE
import OpenIDConnect
import Testing
import Web

/// The steps that a browser and a client take at a provider.
extension TestProvider {
    /// A sign-in page as a browser has it.
    struct Form {
        var action: String
        var fields: [String: String]
        var cookie: String
    }

    /// Begins a sign-in: the authorization request, and the page that it leads to.
    func signInForm(_ parameters: [String: String] = TestProvider.parameters) async throws -> Form {
        let response = await get("/auth", parameters)
        #expect(response.status == 303)
        let location = try #require(response.headers.first("location"))
        let page = await send("GET", String(location.dropFirst("/dex".count)))
        #expect(page.status == 200)
        return try Self.form(in: page)
    }

    static func form(in page: WebResponse) throws -> Form {
        let html = String(decoding: page.body, as: UTF8.self)
        var fields: [String: String] = [:]
        for match in html.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/) {
            fields[String(match.output.1)] = String(match.output.2)
        }
        let action = try #require(html.firstMatch(of: /<form method="post" action="\/dex([^"]*)">/))
        let cookie = try #require(page.headers.first("set-cookie"))
        return Form(action: String(action.output.1), fields: fields, cookie: String(cookie.prefix { $0 != ";" }))
    }

    func submit(
        _ form: Form, login: String = "jane@example.com", password: String = "right", headers: HeaderList? = nil
    ) async -> WebResponse {
        var fields = form.fields
        fields["login"] = login
        fields["password"] = password
        return await post(form.action, fields, headers: headers ?? ["cookie": form.cookie, "sec-fetch-site": "same-origin"])
    }

    /// The code that a sign-in of Jane's gives.
    func code(_ parameters: [String: String] = TestProvider.parameters) async throws -> String {
        try Self.redirectFields(await submit(try await signInForm(parameters)))["code"] ?? ""
    }

    /// The query of a redirect's target.
    static func redirectFields(_ response: WebResponse) throws -> [String: String] {
        #expect(response.status == 303)
        let location = try #require(response.headers.first("location"))
        let fields = try #require(FormFields(query: location.drop { $0 != "?" }.dropFirst()))
        return Dictionary(fields.fields.map { ($0.name, $0.value) }) { first, _ in first }
    }

    static func basic(_ id: String, _ secret: String) -> HeaderList {
        let pair = PercentEncoding.encode(id) + ":" + PercentEncoding.encode(secret)
        let letters = Base64URL.encode(Array(pair.utf8)).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padding = String(repeating: "=", count: (4 - letters.count % 4) % 4)
        return ["authorization": "Basic " + String(letters) + padding]
    }

    static func codeRequest(_ code: String, _ changes: [String: String?] = [:]) -> [String: String] {
        var fields = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier,
        ]
        for change in changes { fields[change.key] = change.value }
        return fields
    }

    /// A token request of `app`.
    func token(_ fields: [String: String], as client: HeaderList = basic("app", secret)) async -> WebResponse {
        await post("/token", fields, headers: client)
    }

    func refresh(_ token: String, _ more: [String: String] = [:]) async -> WebResponse {
        await self.token(["grant_type": "refresh_token", "refresh_token": token].merging(more) { $1 })
    }

    func tokens(_ parameters: [String: String] = TestProvider.parameters) async throws -> Tokens {
        try Tokens(await token(Self.codeRequest(try await code(parameters))))
    }
}

/// A successful reply of the token endpoint.
struct Tokens {
    let access: String
    let id: String
    let refresh: String?
    let scope: String?

    init(_ response: WebResponse) throws {
        #expect(response.status == 200)
        #expect(response.headers.first("cache-control") == "no-store")
        let members = try response.json()
        access = try #require(members["access_token"]?.string)
        id = try #require(members["id_token"]?.string)
        refresh = members["refresh_token"]?.string
        scope = members["scope"]?.string
    }

    var bearer: HeaderList { ["authorization": "Bearer \(access)"] }
}

extension WebResponse {
    func json() throws -> JSONObject { try #require(try JSONReader.read(body).object) }

    /// `error` of a JSON answer.
    var error: String? { (try? JSONReader.read(body))?.object?["error"]?.string }

    var text: String { String(decoding: body, as: UTF8.self) }
}
