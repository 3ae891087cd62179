import JOSE
import Web

/// One try at somebody's password, in the names that it is counted under. Whether there is such a user makes no difference to them.
struct PasswordAttempt: Sendable {
    /// Of the connector and the login, whatever the case of its letters.
    let account: String
    /// The /24 of an IPv4 address, the /56 of an IPv6 address: what one customer has, or a pool that addresses change in. Whoever's
    /// address is not known shares one.
    let network: String
    /// The browser, where the account has signed in in it before.
    let device: String?

    init(login: String, connectorID: String, request: WebRequest, issuer: Issuer) {
        account = Self.account(login: login, connectorID: connectorID)
        network = Self.network(of: request.clientAddress)
        device = KnownDevice.all(in: request, issuer: issuer).lazy.compactMap { [account] in $0.tag(of: account, issuer) }.first
    }

    init(account: String, network: String, device: String? = nil) {
        self.account = account
        self.network = network
        self.device = device
    }

    static func account(login: String, connectorID: String) -> String {
        let letters = login.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        return Base64URL.encode(sha256(sha256(connectorID.utf8) + letters).prefix(16))
    }

    static func network(of address: String) -> String {
        guard let address = IPAddress(address) else { return "" }
        return String(address.bits >> (address.isV4 ? 8 : 72), radix: 36)
    }
}
