import Logging
import OpenIDProvider
import RelyingParty
import ServiceLifecycle
import Settings
import Web

/// Tells the provider's clients of sign-outs: at once when there is something new, and again what did not arrive. The auth service of
/// this process is told in memory.
struct LogoutSender: Service {
    let notices: LogoutNotices
    let website: Website
    /// Where the auth service of this process hears of them; `nil` where there is none.
    let ownURL: String?
    let logger: Logger
    /// Where operators have written plain http, for networks that are trusted.
    private let plainHTTP: [String]

    /// Between looks at what is due again.
    private static let pause = Duration.seconds(1)

    init(notices: LogoutNotices, website: Website, ownURL: String?, clients: [ClientSettings], logger: Logger) {
        self.notices = notices
        self.website = website
        self.ownURL = ownURL
        self.logger = logger
        plainHTTP = clients.compactMap(\.backChannelLogoutURI).filter { $0.hasPrefix("http://") }
    }

    func run() async throws {
        var connection = ProviderConnection()
        connection.plainHTTP = plainHTTP
        let exchange = try HTTPProviderExchange(connection, timeout: .seconds(5))
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await ringRegularly() }
                group.addTask { for await _ in notices.bell.rings { await sendAll(over: exchange) } }
                _ = await group.next()
                group.cancelAll()
            }
        }
        try await exchange.shutdown()
    }

    private func ringRegularly() async {
        while !Task.isCancelled {
            notices.bell.ring()
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func sendAll(over exchange: HTTPProviderExchange) async {
        do throws(ProviderStoreFailure) {
            let post: @Sendable (String, String) async -> LogoutNotices.Outcome = { url, form in
                await self.post(form, to: url, over: exchange)
            }
            while try await notices.send(post) > 0, !Task.isCancelled {}
        } catch {
            logger.warning("clients could not be told of sign-outs", metadata: ["reason": .string(error.detail)])
        }
    }

    private func post(_ form: String, to url: String, over exchange: HTTPProviderExchange) async -> LogoutNotices.Outcome {
        let headers: HeaderList = ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"]
        let request = ProviderRequest(method: .post, url: url, headers: headers, body: Array(form.utf8))
        do throws(UpstreamFailure) {
            guard let ownURL, sameBytes(url, ownURL) else { return .answered(try await exchange.exchange(request).status) }
            let home = Origin(ownURL).map { "\($0)" } ?? ownURL
            let own = EmbeddedProviderExchange(issuer: home) { await website.answer($0) }
            return .answered(try await own.exchange(request).status)
        } catch { return .unreachable(detail: error.detail) }
    }
}

extension Settings.Configuration {
    /// Where the auth service hears of sign-outs, where its provider is in this process.
    var ownBackChannelLogoutURL: String? {
        guard let authService, provider != nil, let home = authService.publicURLs.first else { return nil }
        return home.origin + authService.path + "/backchannel-logout"
    }

    /// The provider's clients. Those of the auth service of this process are told of sign-outs without being configured for it.
    var providerClients: [ClientSettings] {
        let embedded = (authService?.providers ?? []).filter { $0.source == .embedded }.map(\.clientID)
        return (provider?.clients ?? []).map { client in
            var client = client
            if client.backChannelLogoutURI == nil, embedded.contains(where: { sameBytes($0, client.id) }) {
                client.backChannelLogoutURI = ownBackChannelLogoutURL
            }
            return client
        }
    }
}
