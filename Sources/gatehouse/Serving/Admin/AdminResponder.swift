import HTTPTypes
import Hummingbird
import Instruments
import NIOCore
import Operations
import Web

/// The admin listener: health, metrics, and the administration's API.
struct AdminResponder: HTTPResponder {
    let health: HealthEndpoints
    let api: AdminAPI
    /// What `/metrics` answers.
    let metrics: @Sendable () async -> String

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        if let answer = await apiAnswer(request) { return answer }
        guard request.method == .get || request.method == .head else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        if request.uri.path == "/metrics" { return await metricsAnswer() }
        if request.uri.path == "/openapi.json" { return Self.description }
        guard let answer = await health.response(path: request.uri.path) else { return Response(status: .notFound) }
        return Response(
            status: .init(code: answer.status), headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: answer.json)))
    }

    private func metricsAnswer() async -> Response {
        Response(
            status: .ok, headers: [.contentType: MetricsText.contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: await metrics())))
    }

    /// What the API offers, as OpenAPI 3.1 has it.
    private static var description: Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: PackageResources.openapi_json)))
    }

    private func apiAnswer(_ request: Request) async -> Response? {
        var headers = HeaderList()
        for field in request.headers { headers.add(field.name.rawName, field.value) }
        if let authority = request.head.authority { headers.add("host", authority) }
        let body = try? await request.body.collect(upTo: AdminRequest.maximumBodyBytes)
        guard let body else { return Response(status: .contentTooLarge) }
        let answer = await api.answer(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "", headers: headers,
            body: Array(body.readableBytesView))
        guard let answer else { return nil }
        var fields = HTTPFields()
        for field in answer.headers.fields {
            if let name = HTTPField.Name(field.name) { fields.append(HTTPField(name: name, value: field.value)) }
        }
        return Response(
            status: .init(code: answer.status), headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
