import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What the echo application says about a request.
struct Echo: Codable {
    var method: String
    /// The request target as received, with its query.
    var path: String
    /// The values of each header, in the order of their lines, under the name in lower case.
    var headers: [String: [String]]
    var body: String
}

/// Answers with the request itself.
func echoResponse(to request: Request, hits: Hits) async throws -> Response {
    let target = request.head.path ?? ""
    hits.add("echo", method: request.method.rawValue, target: target)
    let body = try await request.body.collect(upTo: 1 << 20)
    var headers: [String: [String]] = [:]
    if let host = request.head.authority { headers["host"] = [host] }
    for field in request.headers {
        headers[field.name.canonicalName, default: []].append(field.value)
    }
    return try jsonResponse(
        Echo(method: request.method.rawValue, path: target, headers: headers, body: String(buffer: body)))
}

/// A 200 with the value as JSON.
func jsonResponse(_ value: some Encodable) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let body = ByteBuffer(bytes: try encoder.encode(value))
    return Response(
        status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"], body: .init(byteBuffer: body))
}
