import JOSE
import Yams

/// `provider.connectors[].authproxy`: the options of Dex's connector, under its names, and whom to believe.
enum AuthProxySection {
    static let userHeader = Key.defaulted("userHeader", .httpToken("a header"), "X-Remote-User", "Who it is.")
    static let userIDHeader = Key.defaulted(
        "userIDHeader", .httpToken("a header"), "X-Remote-User-Id", "What subjects are made of; the user when missing.")
    static let userNameHeader = Key.defaulted(
        "userNameHeader", .httpToken("a header"), "X-Remote-User-Name", "The name; the user when missing.")
    static let emailHeader = Key.defaulted(
        "emailHeader", .httpToken("a header"), "X-Remote-User-Email", "The e-mail address; the user when missing.")
    static let groupHeader = Key.defaulted(
        "groupHeader", .httpToken("a header"), "X-Remote-Group", "The groups.")
    static let groupHeaderSeparator = Key.defaulted("groupHeaderSeparator", .text(), ",", "What stands between them.")
    static let staticGroups = Key.defaulted("staticGroups", .list(of: .text()), [String](), "Groups of everybody.")
    static let trustedProxies = Key.required(
        "trustedProxies", .list(of: .addressRange()), standIn: [],
        "The addresses that the proxy connects from; nobody else is believed.")
    static let proxySecret = Key.optional(
        "proxySecret", .secret(.proxySecret), "What the proxy has to show in `X-Gatehouse-Proxy-Secret`.")

    static let section = Section(
        "authproxy",
        [
            userHeader.listed, userIDHeader.listed, userNameHeader.listed, emailHeader.listed, groupHeader.listed,
            groupHeaderSeparator.listed, staticGroups.listed,
            trustedProxies.listed, proxySecret.listed,
        ]
    ) { fields in
        if let node = fields.given(trustedProxies.name), node.sequence?.isEmpty == true {
            fields.reading.error("`trustedProxies` is empty", "name the addresses that the proxy connects from", at: node)
        }
        return AuthProxySettings(
            userHeader: fields(userHeader), userIDHeader: fields(userIDHeader),
            userNameHeader: fields(userNameHeader), emailHeader: fields(emailHeader),
            groupHeader: fields(groupHeader),
            groupHeaderSeparator: fields(groupHeaderSeparator), groups: fields(staticGroups),
            trustedProxies: fields(trustedProxies),
            proxySecret: fields(proxySecret))
    }
}
