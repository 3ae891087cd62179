import JOSE
import OpenIDProvider
import Web

/// One request to the administration, in the parts that its resources look at.
struct AdminRequest: Sendable {
    let method: String
    /// Behind the resource's own path, decoded: `[]` for the resource itself.
    let path: [String]
    let query: FormFields
    let body: [UInt8]

    /// More than a user needs.
    static let maximumBodyBytes = 64 * 1024

    /// - Parameter rest: what follows `/api/users`: empty, or `/` and more.
    /// - Returns: `nil` where path or query cannot be read.
    init?(method: String, rest: some StringProtocol, query: String, body: [UInt8]) {
        let segments = rest.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        let decoded = segments.map { PercentEncoding.decode($0).flatMap { String(validating: $0, as: UTF8.self) } ?? "" }
        guard !decoded.contains(""), let fields = FormFields(query: query), fields.repeatedName == nil else { return nil }
        self.method = method
        path = decoded
        self.query = fields
        self.body = body
    }

    /// The body as a JSON object whose members are all among `known`.
    func members(_ known: [String]) throws(AdminProblem) -> JSONObject {
        guard let object = try? JSONReader.read(body).object else { throw AdminProblem(400, "the body is not a JSON object") }
        if let other = object.members.first(where: { member in !known.contains { sameBytes($0, member.name) } }) {
            throw AdminProblem(400, "`\(other.name.prefix(64))` is not known here; known are \(known.joined(separator: ", "))")
        }
        return object
    }

    /// How many entries are asked for.
    func limit(atMost most: Int) throws(AdminProblem) -> Int {
        guard let text = query.first("limit") else { return most }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), (1...most).contains(number) else {
            throw AdminProblem(400, "`limit` is not a number from 1 to \(most)")
        }
        return number
    }

    /// Refuses parameters that the resource does not know.
    func allow(_ known: String...) throws(AdminProblem) {
        if let other = query.fields.first(where: { field in !known.contains { sameBytes($0, field.name) } }) {
            throw AdminProblem(400, "the parameter `\(other.name.prefix(64))` is not known here")
        }
    }
}

/// Why the administration does not do what it was asked to.
struct AdminProblem: Error {
    let status: Int
    let what: String
    /// For 405.
    var allowed: [String] = []

    init(_ status: Int, _ what: String) {
        self.status = status
        self.what = what
    }

    static let notFound = AdminProblem(404, "there is no such thing here")

    static func method(_ allowed: String...) -> AdminProblem {
        var problem = AdminProblem(405, "only \(allowed.joined(separator: ", ")) can be used here")
        problem.allowed = allowed
        return problem
    }

    /// What `body` answers, or the problem that it meets.
    /// - Parameter what: what is asked for, in the plural.
    static func answering(for what: String, _ body: () async throws -> WebResponse) async -> WebResponse {
        do {
            return try await body()
        } catch let problem as AdminProblem {
            return problem.response
        } catch let failure as ProviderStoreFailure {
            return AdminProblem(503, failure.detail).response
        } catch {
            return AdminProblem(500, "the \(what) cannot be had").response
        }
    }

    var response: WebResponse {
        var response = WebResponse.administration(["error": .string(what)], status: status)
        if !allowed.isEmpty { response.headers.add("allow", allowed.joined(separator: ", ")) }
        return response
    }
}

extension WebResponse {
    /// JSON that nobody keeps.
    static func administration(_ content: JSONValue, status: Int = 200) -> WebResponse {
        WebResponse(
            status: status,
            headers: [
                "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff",
            ], body: content.jsonBytes)
    }
}
