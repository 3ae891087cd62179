import AuthService
import JOSE

extension FuzzTarget {
    /// Envoy's `x-forwarded-client-cert`.
    static let forwardedClientCert = FuzzTarget("forwarded-client-cert", maximumBytes: 1024) { (input) throws(Violation) in
        let text = String(decoding: input, as: UTF8.self)
        guard let element = try? ForwardedClientCertificate.last(of: text) else {
            return try require(
                (try? ForwardedClientCertificate.last(of: text + ",URI=a")) == nil, "what is not well formed stays so")
        }
        let other = try? ForwardedClientCertificate.last(of: "URI=x;DNS=y," + text)
        try require(other == element, "what stands before the last element changes nothing")
        let last = try? ForwardedClientCertificate.last(of: text + ",URI=a")
        try require(last?.uris == ["a"] && last?.certificate == nil, "the last element is the one that comes last")
    }

    /// Certificates of clients.
    static let certificate = FuzzTarget("certificate", maximumBytes: 2048) { (input) throws(Violation) in
        guard let certificate = Certificate(der: input) else { return }
        try require(certificate.der == input, "it is all of the bytes")
        try require(Certificate(der: Array(input.dropLast())) == nil, "nothing of it can be missing")
        try require(Certificate(der: input + [0]) == nil, "nothing can stand behind it")
        let names = certificate.subject.commonNames + certificate.names.emails + certificate.names.uris
        try require(names.allSatisfy { !$0.utf8.contains(0) }, "no name ends early for other readers")
        _ = certificate.isSigned(by: certificate)
    }
}
