/// `authService.cookie`
enum CookieSection {
    static let name = Key.defaulted("name", .httpToken("a cookie name"), "gatehouse", "The cookie's name.")
    static let domain = Key.optional(
        "domain", .oneOrMore(of: domainShape), "For sessions that span hosts: what the public hosts end in, one or several.")
    static let sameSite = Key.defaulted("sameSite", .choice(), CookieSettings.SameSite.lax, "The attribute SameSite.")
    static let secure = Key.defaulted(
        "secure", .choice(), CookieSettings.Security.auto, "The attribute Secure; `auto` sets it on hosts with https.")

    static let strip = Key.defaulted(
        "strip", .boolean(), true, "Whether our cookies are taken out of the requests that applications get.")

    static let section = Section("cookie", [strip.listed, name.listed, domain.listed, sameSite.listed, secure.listed]) { fields in
        CookieSettings(
            name: fields(name), domains: fields(domain) ?? [], sameSite: fields(sameSite), secure: fields(secure),
            strip: fields(strip))
    }

    private static let domainShape = Shape<String>.text().then { text, node, reading -> String? in
        let bare = text.hasPrefix(".") ? text.dropFirst() : text[...]
        guard let domain = HostName.parse(bare) else {
            return reading.refuse("\(quoted(text)) is not a domain", "write it like `example.com`", node)
        }
        return domain
    }
}
