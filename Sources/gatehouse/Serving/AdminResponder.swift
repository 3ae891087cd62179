import HTTPTypes
import Hummingbird
import NIOCore
import Operations

/// The admin listener: health for now.
struct AdminResponder: HTTPResponder {
    let health: HealthEndpoints

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        guard request.method == .get || request.method == .head else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        guard let answer = await health.response(path: request.uri.path) else { return Response(status: .notFound) }
        return Response(
            status: .init(code: answer.status), headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: answer.json)))
    }
}
