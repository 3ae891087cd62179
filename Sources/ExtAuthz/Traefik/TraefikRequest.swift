/// `forwardAuth`: a GET to `/traefik` with the client's headers. Traefik sets these from the request that it has, and with
/// `trustForwardHeader: false` never from the client's own.
enum TraefikRequest {
    static let path: StaticString = "/traefik"
    static let form = ForwardedRequest(
        method: "x-forwarded-method", target: "x-forwarded-uri", host: "x-forwarded-host", scheme: "x-forwarded-proto")
}
