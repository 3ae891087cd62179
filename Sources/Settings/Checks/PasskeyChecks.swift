/// What browsers ask of a relying party (WebAuthn §5.1.2).
enum PasskeyChecks {
    @Sendable static func relyingParty(_ configuration: Configuration, _ reading: Reading) {
        guard let provider = configuration.provider, provider.mfa.passkeys.isEnabled, let id = provider.mfa.passkeys.rpID
        else { return }
        let way = "provider.mfa.passkeys.rpID"
        let host = provider.issuer.host
        guard HostName.address(host) == nil, provider.issuer.isSecure || provider.issuer.isLoopback else {
            reading.error(
                "no browser has passkeys for `\(provider.issuer.text)`",
                "give the issuer a host name and https, or remove `rpID`",
                of: way)
            return
        }
        guard id == host || host.hasSuffix("." + id) else {
            reading.error(
                "the issuer's host `\(host)` does not end in `\(id)`", "write `\(host)`, or a domain that it ends in", of: way)
            return
        }
        if id != host, PublicSuffix.contains(id) {
            reading.error("`\(id)` is a public suffix: browsers refuse it", "name your own domain below it", of: way)
        }
    }
}
