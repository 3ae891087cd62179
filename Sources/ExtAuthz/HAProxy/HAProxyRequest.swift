/// A GET to `/haproxy` by the script that `gatehouse manifests haproxy` writes, with the client's headers and these.
enum HAProxyRequest {
    static let path: StaticString = "/haproxy"
    static let form = ForwardedRequest(
        method: "x-forwarded-method", target: "x-forwarded-uri", host: "x-forwarded-host", scheme: "x-forwarded-proto")
}
