import JOSE
import Web

/// What conditions look at, read from a request at most once, and only where a rule has conditions.
struct RequestFacts: Sendable {
    let http: WebRequest
    let clientAddress: IPAddress?
    let now: UnixTime

    init(_ request: CheckRequest, now: UnixTime) {
        http = request.http
        clientAddress = IPAddress(http.clientAddress)
        self.now = now
    }
}
