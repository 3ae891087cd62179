package import JOSE
package import OpenIDProvider
package import Web

/// People whom a proxy in front of `/callback/{id}` has authenticated, and tells of in headers: Dex's `authproxy`.
package struct TrustedHeaderConnector: UpstreamConnector {
    /// Under Dex's names; the headers' in lower case.
    package struct Options: Sendable {
        package var userHeader = "x-remote-user"
        package var userIDHeader = "x-remote-user-id"
        package var userNameHeader = "x-remote-user-name"
        package var emailHeader = "x-remote-user-email"
        package var groupHeader = "x-remote-group"
        package var groupHeaderSeparator = ","
        /// Of everybody, beside those of the header.
        package var groups: [String] = []
        /// The addresses that the proxy connects from; nobody else is believed.
        package var trustedProxies: [AddressRange]
        /// What the proxy has to show as well, in `x-gatehouse-proxy-secret`.
        package var proxySecret: Secret?

        package init(trustedProxies: [AddressRange]) { self.trustedProxies = trustedProxies }
    }

    package let id: String
    package let name: String?
    package let redirectURI: String?
    private let options: Options

    /// - Parameter redirectURI: the issuer's `/callback/{id}`.
    package init(id: String, name: String, redirectURI: String, options: Options) {
        self.id = id
        self.name = name
        self.redirectURI = redirectURI
        self.options = options
    }

    package func authorizationURL(for request: UpstreamRequest) async throws(UpstreamFailed) -> String {
        (["state": request.state] as QueryString).appending(to: request.redirectURI)
    }

    package func signIn(_ reply: UpstreamReply, to request: UpstreamRequest) async -> UpstreamOutcome {
        do throws(UpstreamRefusal) {
            guard isTrusted(reply) else { throw UpstreamRefusal(.reply, "not from a trusted proxy") }
            return .authenticated(UpstreamUser(user: try user(reply.headers)))
        } catch { return .refused(error) }
    }

    private func isTrusted(_ reply: UpstreamReply) -> Bool {
        guard let peer = IPAddress(reply.peerAddress), options.trustedProxies.contains(where: { $0.contains(peer) }) else {
            return false
        }
        guard let secret = options.proxySecret else { return true }
        let shown = reply.headers.all("x-gatehouse-proxy-secret")
        return shown.count == 1 && secret.matches(Secret(utf8: shown[0]))
    }

    private func user(_ headers: HeaderList) throws(UpstreamRefusal) -> ConnectorUser {
        guard let login = try Self.only(options.userHeader, headers) else {
            throw UpstreamRefusal(.denied, "the proxy names nobody")
        }
        let groups = try Self.only(options.groupHeader, headers).map { list in
            list.split(separator: options.groupHeaderSeparator).map {
                String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }
        return ConnectorUser(
            id: try Self.only(options.userIDHeader, headers) ?? login,
            claims: JSONObject([
                ("email", .string(try Self.only(options.emailHeader, headers) ?? login)), ("email_verified", true),
                ("name", .string(try Self.only(options.userNameHeader, headers) ?? login)),
                ("preferred_username", .string(login)),
                ("groups", .strings((groups ?? []).filter { !$0.isEmpty } + options.groups)),
            ]))
    }

    /// The header's value; nil where it is missing or empty. One that comes twice could be the client's own.
    private static func only(_ name: String, _ headers: HeaderList) throws(UpstreamRefusal) -> String? {
        let values = headers.all(name)
        guard values.count <= 1 else { throw UpstreamRefusal(.reply, "a header of the proxy comes twice") }
        return values.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The proxy is not there when tokens are refreshed.
    package func refresh(_ user: ConnectorUser, kept: Secret) async -> UpstreamRefresh { .current(user, kept: kept) }
}
