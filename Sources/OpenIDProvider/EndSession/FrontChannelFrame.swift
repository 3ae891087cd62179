import JOSE
import Web

/// What the sign-out page loads for the clients that want to hear of it by the browser (OpenID Connect Front-Channel Logout §2).
enum FrontChannelFrame {
    /// More frames than anybody has clients are not made.
    private static let maximum = 50

    /// One URL for each account and client that has one, with `iss` and `sid`.
    static func all(of accounts: [SSOAccount], issuer: Issuer) -> [String] {
        let urls = accounts.flatMap { account in
            account.clients.compactMap { id -> String? in
                guard let url = issuer.settings.client(id)?.frontChannelLogoutURI else { return nil }
                return QueryString([("iss", issuer.settings.issuer), ("sid", account.id)]).appending(to: url)
            }
        }
        return Array(urls.prefix(maximum))
    }
}
