import HTTPTypes
import Hummingbird
import NIOCore

/// The dashboard: on every path, a page that says who you are.
func dashboardResponse(to request: Request, hits: Hits) -> Response {
    let target = request.head.path ?? "/"
    hits.add("dashboard", method: request.method.rawValue, target: target)
    let page = DashboardPage(path: request.uri.path, visitor: Visitor(headers: request.headers))
    var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
    headers[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'"
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: page.html)))
}

/// Text as it may stand in an element or a quoted attribute.
func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
