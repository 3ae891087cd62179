import JOSE
import Settings
import TLS

/// Our own certificates: whether they count, for how long, and for which names. That the key is theirs was found when the file
/// was read.
enum CertificateCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        let listen = seen.configuration.listen
        let listeners = [
            ("web", listen.web), ("checkHTTP", listen.checkHTTP), ("checkGRPC", listen.checkGRPC), ("admin", listen.admin),
        ]
        return listeners.flatMap { name, listener -> [Finding] in
            guard let tls = listener.tls, let files = try? tls.files(seen.sources) else { return [] }
            let subject = "certificate of listen.\(name)"
            guard let leaf = Certificate.all(inPEM: files.certificate)?.first else {
                return [.warning(subject, "it cannot be read here", mend: "look at it by `openssl x509 -text`")]
            }
            return findings(subject, leaf, hosts: name == "web" ? publicHosts(seen.configuration) : [], seen.now)
        }
    }

    /// The hosts that come straight to the web listener: those of the provider alone. A gateway may call it by any name.
    private static func publicHosts(_ configuration: Configuration) -> [String] {
        configuration.authService == nil ? [configuration.provider?.issuer.host].compactMap { $0 } : []
    }

    static func findings(_ subject: String, _ leaf: Certificate, hosts: [String], _ now: UnixTime) -> [Finding] {
        let validity = CertificateValidity(leaf, now)
        if let finding = validity.finding(subject, whose: "Gatehouse's own") { return [finding] }
        let missing = hosts.filter { !leaf.isFor(host: $0) }
        guard missing.isEmpty else {
            return [
                .failure(
                    subject, "it is for \(leaf.namesText), not for \(missing.joined(separator: ", "))",
                    mend: "have one issued that names the host as a subject alternative name")
            ]
        }
        return [.ok(subject, "it is for \(leaf.namesText), \(validity.text)")]
    }
}
