import Manifests
import Settings

/// The session's cookie, and how long the session lasts.
enum OAuth2ProxyCookie {
    static func read(_ options: ForeignValue, _ gateway: OAuth2ProxyGateway) -> YAMLValue {
        let given = options.text("cookie_name") ?? "_oauth2_proxy"
        let promises = ["__host-", "__secure-"].contains { given.lowercased().hasPrefix($0) }
        let isBound = promises && gateway.isSecure
        let name = promises && !isBound ? "_oauth2_proxy" : given
        if name != given { options.take("cookie_name")?.say(.lost, "cookies of this name need https") }
        if options.take("cookie_secure")?.flag == false {
            options.take("cookie_secure")?.say(.note, "where the public URL is https, cookies have the attribute Secure")
        }
        let domains = isBound && name.lowercased().hasPrefix("__host-") ? [] : domains(options, gateway)
        return entries(
            ("name", .string(name)),
            ("domain", domains.isEmpty ? nil : domains.count == 1 ? .string(domains[0]) : .strings(domains)),
            ("sameSite", sameSite(options, gateway)), ("secure", isBound ? "always" : nil))
    }

    /// Those that are for the public host or one of the others.
    private static func domains(_ options: ForeignValue, _ gateway: OAuth2ProxyGateway) -> [String] {
        (options.take("cookie_domains")?.items ?? []).compactMap { item in
            guard let text = item.text, !text.isEmpty else { return nil }
            let domain = text.hasPrefix(".") ? String(text.dropFirst()) : text
            guard gateway.host == domain || gateway.host.hasSuffix("." + domain) else {
                item.say(.lost, "the public host `\(gateway.host)` is not in this domain: see `publicURLs` for several")
                return nil
            }
            return domain
        }
    }

    private static func sameSite(_ options: ForeignValue, _ gateway: OAuth2ProxyGateway) -> YAMLValue? {
        guard let value = options.take("cookie_samesite"), let text = value.text?.lowercased(), !text.isEmpty else { return nil }
        guard ["lax", "strict", "none"].contains(text) else {
            value.say(.lost, "there is no such value")
            return nil
        }
        guard text != "none" || gateway.isSecure else {
            value.say(.lost, "cookies of all sites need https")
            return nil
        }
        return .string(text)
    }

    private static let year: Int64 = 366 * 86_400

    /// There a session ends after `cookie_expire`, however much it is used.
    static func session(_ options: ForeignValue) -> YAMLValue {
        let store = OAuth2ProxyStorage.isRedis(options) ? nil : YAMLValue.string("cookie")
        let given = options.take("cookie_expire")
        if given?.text.flatMap(GoDuration.seconds) == 0 {
            return entries(("store", store), ("remember", false))
        }
        let lifetime = options.duration("cookie_expire", 60...year) ?? "7d"
        return entries(("idle", lifetime), ("lifetime", lifetime), ("store", store))
    }

    /// Nothing that was encrypted there is read here, so that any good key will do.
    static func secrets(_ options: ForeignValue) -> YAMLValue {
        if let file = options.take("cookie_secret_file"), let path = file.text, !path.isEmpty {
            file.say(.note, "the key has to have 32 bytes or more")
            return [YAMLValue.string(path).asFile]
        }
        if let given = options.take("cookie_secret"), let text = given.text, !text.isEmpty {
            if let variable = given.variable() { return [entries(("env", .string(variable)))] }
            if text.utf8.count >= 32 { return [options.report.file("secrets/cookie.key", Array(text.utf8)).asFile] }
            given.say(.note, "too short for a key of ours, which needs 32 bytes: a new one takes its place")
        } else {
            options.report.say(.note, "cookie_secret", "a new key was made: several replicas have to have the same")
        }
        return [options.report.file("secrets/cookie.key", Array(ForeignText.randomKey().utf8)).asFile]
    }
}
