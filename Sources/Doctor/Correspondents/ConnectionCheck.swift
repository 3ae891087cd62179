import JOSE

/// Whether every server takes a connection, and whether its certificate is good.
enum ConnectionCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        let unusable = seen.unusable.map {
            Finding.failure("connections", $0, mend: "correct the certificates of that connection")
        }
        return [unusable].compactMap { $0 } + seen.servers.map { finding($0, seen.now) }
    }

    static func finding(_ visit: ServerVisit, _ now: UnixTime) -> Finding {
        let server = visit.server
        let subject = "\(server.subject) at \(server.place)"
        switch visit.answer {
        case .clear: return .ok(subject, "it takes connections, in clear text")
        case .unreachable(let reason):
            return .graded(
                server.isNeeded, subject, "it cannot be connected to: \(reason)",
                mend: "start it, open the way to it, or correct its URL")
        case .noTLS(let reason):
            return .graded(
                server.isNeeded, subject, "it speaks no TLS that we know: \(reason)",
                mend: "have it speak TLS 1.2 or newer, or write its URL with http")
        case .unusable(let reason):
            return .failure(
                subject, "its connection's certificates cannot be used: \(reason)", mend: "give files in PEM, and a key that fits"
            )
        case .trusted(let certificate):
            guard let certificate, server.trust?.verifies == true else {
                return .ok(subject, server.trust?.verifies == true ? "its certificate is good" : "it speaks TLS, unverified")
            }
            let validity = CertificateValidity(certificate, now)
            return validity.finding(subject, whose: "its") ?? .ok(subject, "its certificate is good \(validity.text)")
        case .untrusted(let certificate, let reason): return untrusted(server, subject, certificate, reason, now)
        }
    }

    private static func untrusted(
        _ server: Correspondent, _ subject: String, _ certificate: Certificate?, _ reason: String, _ now: UnixTime
    ) -> Finding {
        guard let certificate else {
            return .graded(server.isNeeded, subject, "its certificate is refused: \(reason)", mend: "have another one issued")
        }
        let validity = CertificateValidity(certificate, now)
        if case .failure(let found, let mend)? = validity.finding(subject, whose: "its")?.outcome {
            return .graded(server.isNeeded, subject, found, mend: mend)
        }
        guard certificate.isFor(host: server.host) else {
            return .graded(
                server.isNeeded, subject, "its certificate is for \(certificate.namesText), not for \(server.host)",
                mend: "ask for it by one of those names, or have a certificate issued for this one")
        }
        let issuer = (certificate.issuer.text ?? "an unnamed authority").quotedForeign
        let roots = server.trust?.authorities == nil ? "the system's authorities" : "the authorities in the file"
        return .graded(
            server.isNeeded, subject, "its certificate is signed by \(issuer), which is none of \(roots)",
            mend: "give the authority's certificate (`connection.caFile`, `rootCA`), with those in between")
    }
}
