/// What the configuration of an Envoy in front of Gatehouse depends on. `bootstrap` is the configuration itself.
package struct EnvoyManifest: Sendable {
    /// How a listener asks Gatehouse: ext_authz over gRPC or over HTTP.
    package enum Mode: String, Sendable, CaseIterable {
        case grpc
        case http
    }

    /// Where clients connect, in clear text.
    package struct Listener: Sendable {
        package var mode: Mode
        package var address: NetworkAddress

        package init(mode: Mode, address: NetworkAddress) {
            self.mode = mode
            self.address = address
        }
    }

    /// An application and the path prefix that leads to it (`/echo/`); the prefix stays on the path.
    package struct Upstream: Sendable {
        package var prefix: String
        package var address: NetworkAddress

        package init(prefix: String, address: NetworkAddress) {
            self.prefix = prefix
            self.address = address
        }
    }

    /// Gatehouse's listeners as Envoy reaches them.
    package struct Gatehouse: Sendable {
        package var web: GatehouseListener
        package var checkHTTP: GatehouseListener
        package var checkGRPC: GatehouseListener
        /// What has to be shown with every check over HTTP: letters, digits and `-._~`.
        package var proxySecret: String?

        package init(web: GatehouseListener, checkHTTP: GatehouseListener, checkGRPC: GatehouseListener) {
            self.web = web
            self.checkHTTP = checkHTTP
            self.checkGRPC = checkGRPC
        }
    }

    /// The signed assertion that Envoy verifies before a request goes on.
    package struct Assertion: Sendable {
        package var header: String
        package var issuer: String
        package var audience: String
        /// Those that rules have of their own.
        package var audiencesOfRules: [String] = []

        package init(header: String, issuer: String, audience: String) {
            self.header = header
            self.issuer = issuer
            self.audience = audience
        }
    }

    package var listeners: [Listener]
    package var upstreams: [Upstream]
    package var gatehouse: Gatehouse
    /// Where Gatehouse's own endpoints live on every public host: `/_gatehouse`, no slash at the end.
    package var ownPath: String
    /// The public hosts, without ports; some begin with `*.`.
    package var hosts: [String] = []
    /// Further paths that are Gatehouse's (`/oauth2/callback`).
    package var aliasPaths: [String] = []
    /// Where the embedded provider lives on the same host (`/dex`, no slash at the end); nil when it is not behind this gateway.
    package var issuerPath: String?
    /// The headers that Gatehouse tells applications about the user with.
    package var identityHeaders: [String]
    /// Other headers that no client may send.
    package var strip: [RemovedHeader]
    package var assertion: Assertion?
    package var admin: NetworkAddress?
    /// Proxies in front of this Envoy whose `X-Forwarded-…` are to be believed; 0 when clients connect to it directly.
    package var trustedHops: Int
    /// Whose word about the client counts (`listen.trustedProxies`), for gateways that do not count proxies but know them.
    package var trustedProxies: [String] = []
    /// Whether applications see none of Gatehouse's cookies.
    package var stripsCookies = true
    /// What rules ask for beside the headers that the check always gets.
    package var headersInRules: [String] = []
    /// Whether Gatehouse wants to know what certificates clients have shown.
    package var tellsClientCertificates = false
    /// The length of a form that Gatehouse keeps over a sign-in; nil when it keeps none.
    package var keptPostBytes: Int?

    package init(
        listeners: [Listener], upstreams: [Upstream], gatehouse: Gatehouse, ownPath: String, issuerPath: String? = nil,
        identityHeaders: [String], strip: [RemovedHeader] = [], assertion: Assertion? = nil, admin: NetworkAddress? = nil,
        trustedHops: Int = 0
    ) {
        self.listeners = listeners
        self.upstreams = upstreams
        self.gatehouse = gatehouse
        self.ownPath = ownPath
        self.issuerPath = issuerPath
        self.identityHeaders = identityHeaders
        self.strip = strip
        self.assertion = assertion
        self.admin = admin
        self.trustedHops = trustedHops
    }
}
