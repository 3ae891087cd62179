/// `auth_request`: a subrequest to `/nginx` with the client's headers. The location that makes it sets these.
enum NginxRequest {
    static let path: StaticString = "/nginx"
    static let form = ForwardedRequest(
        method: "x-original-method", target: "x-original-uri", host: "x-forwarded-host", scheme: "x-forwarded-proto")
}
