import Web

/// What kind of program waits for the answer, and so in which form it can use one.
enum Caller: Sendable {
    /// A browser that shows what comes back: it can be redirected, and pages are for it.
    case navigation
    /// XHR, fetch, WebSocket upgrades, gRPC, command lines: a redirect to a login page is of no use to them.
    case program

    init(_ request: WebRequest) {
        let headers = request.headers
        let isRead = sameBytes(request.method, "GET") || sameBytes(request.method, "HEAD")
        let asksAsProgram =
            headers.first("x-requested-with") != nil || headers.first("upgrade") != nil
            || headers.first("content-type")?.hasPrefix("application/grpc") ?? false
        guard isRead, !asksAsProgram else {
            self = .program
            return
        }
        // Browsers that send fetch metadata know best; for the others their wish for HTML has to do.
        if let mode = headers.first("sec-fetch-mode") {
            self = mode == "navigate" ? .navigation : .program
        } else {
            self = headers.all("accept").contains { $0.contains("text/html") } ? .navigation : .program
        }
    }

    /// Whether the caller would rather read a page than JSON, whatever its method (a form that was posted).
    static func readsPages(_ request: WebRequest) -> Bool {
        let mode = request.headers.first("sec-fetch-mode")
        return mode.map { $0 == "navigate" } ?? request.headers.all("accept").contains { $0.contains("text/html") }
    }
}
