/// `forward_auth`: a GET to `/caddy` with the client's headers. The directive sets the method and URI, and the reverse proxy
/// below it the rest, each over what the client sent.
enum CaddyRequest {
    static let path: StaticString = "/caddy"
    static let form = ForwardedRequest(
        method: "x-forwarded-method", target: "x-forwarded-uri", host: "x-forwarded-host", scheme: "x-forwarded-proto")
}
