import Yams

/// `authService.providers[].connection`
enum ProviderConnectionSection {
    static let caFile = Key.optional(
        "caFile", .pem("a certificate"), "The authorities that are believed, in PEM; the system's when missing.")
    static let certificate = Key.optional(
        "certificate", .pem("a certificate"), "Our own certificate in PEM, for `tls_client_auth`.")
    static let certificateKey = Key.optional("certificateKey", .secret(.privateKey), "Its private key in PEM.")
    static let proxy = Key.optional("proxy", .proxy(), "An HTTP proxy, as `http://proxy.example.com:3128`.")
    static let proxyUser = Key.optional("proxyUser", Shape<String>.text(), "Our name at the proxy.")
    static let proxyPassword = Key.optional("proxyPassword", .secret(.proxyPassword), "Our password there.")

    static let section = Section(
        "connection",
        [caFile.listed, certificate.listed, certificateKey.listed, proxy.listed, proxyUser.listed, proxyPassword.listed]
    ) { fields in
        let settings = ProviderConnectionSettings(
            authorities: fields(caFile), certificate: fields(certificate), certificateKey: fields(certificateKey),
            proxy: fields(proxy), proxyUser: fields(proxyUser), proxyPassword: fields(proxyPassword))
        requirePair(certificate.name, certificateKey.name, fields)
        requirePair(proxyUser.name, proxyPassword.name, fields)
        return settings
    }

    /// Neither of two keys without the other.
    static func requirePair(_ one: String, _ other: String, _ fields: Fields) {
        let isGiven = (fields.given(one) != nil, fields.given(other) != nil)
        guard isGiven.0 != isGiven.1 else { return }
        let (there, missing) = isGiven.0 ? (one, other) : (other, one)
        fields.reading.error("`\(there)` is there without `\(missing)`", "add it, or remove both", at: fields.given(there))
    }
}

extension SecretKind {
    static let privateKey = SecretKind(name: "private key", least: 32, advised: 32, isPrivate: true)
    static let proxyPassword = SecretKind(name: "proxy password", least: 1, advised: 8, isPrivate: false)
}

extension Shape where Value == [UInt8] {
    /// The content of a file in PEM.
    static func pem(_ what: String) -> Shape {
        Shape<String>.file().then { path, node, reading -> [UInt8]? in
            let bytes: [UInt8]
            do throws(ConfigurationSources.Failure) { bytes = try reading.sources.file(path, 1 << 20).bytes } catch {
                return reading.refuse("the file \(quoted(path)) cannot be read (\(error.reason))", "correct the path", node)
            }
            let mark = Array("-----BEGIN ".utf8)
            guard bytes.count <= 1 << 20, bytes.indices.contains(where: { bytes[$0...].starts(with: mark) }) else {
                return reading.refuse("the file \(quoted(path)) holds no \(what.dropFirst(2)) in PEM", "correct the path", node)
            }
            return bytes
        }
    }
}

extension Shape where Value == ConfiguredURL {
    static func proxy() -> Shape {
        origin().then(show: { .text($0.text) }) { url, node, reading in
            guard !url.isSecure else {
                return reading.refuse(
                    "the proxy \(quoted(url.text)) is https", "write `http://`: what passes it is encrypted", node)
            }
            return url
        }
    }
}
