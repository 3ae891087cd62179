package import JOSE

/// Where the process listens, and which peers it believes about the client.
package struct ListenSettings: Sendable {
    /// Pages and the provider's endpoints.
    package var web: ListenerSettings
    /// The check over HTTP, for all gateways but Envoy's gRPC.
    package var checkHTTP: ListenerSettings
    /// The check over gRPC and grpc.health.v1.
    package var checkGRPC: ListenerSettings
    /// Health, metrics and the API of the administration commands.
    package var admin: ListenerSettings
    /// What the administration's API asks for; nil: nothing, on loopback.
    package var adminToken: Secret?
    /// Peers whose `X-Forwarded-…` headers count; loopback and private ranges by default.
    package var trustedProxies: [CIDRBlock]
    /// What a gateway has to show with every check over HTTP and for every page of ours; nil where its address is enough.
    package var proxySecret: Secret?
}
