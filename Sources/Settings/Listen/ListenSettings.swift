/// Where the process listens, and which peers it believes about the client.
package struct ListenSettings: Sendable {
    /// Pages and the provider's endpoints.
    package var web: ListenAddress
    /// The check over HTTP, for all gateways but Envoy's gRPC.
    package var checkHTTP: ListenAddress
    /// The check over gRPC and grpc.health.v1.
    package var checkGRPC: ListenAddress
    /// Health, metrics and the API of the administration commands.
    package var admin: ListenAddress
    /// Peers whose `X-Forwarded-…` headers count; loopback and private ranges by default.
    package var trustedProxies: [CIDRBlock]
}
