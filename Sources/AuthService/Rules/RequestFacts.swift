import Web

/// What conditions look at, read from a request at most once, and only where a rule has conditions.
struct RequestFacts {
    let http: WebRequest

    init(_ request: CheckRequest) {
        http = request.http
    }
}
