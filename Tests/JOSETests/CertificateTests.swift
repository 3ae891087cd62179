import JOSE
import Testing

struct CertificateTests {
    private func read(_ pem: String) throws -> Certificate {
        try #require(Certificate.all(inPEM: Array(pem.utf8))?.first)
    }

    @Test func saysWhomItNames() throws {
        let ada = try read(TestCertificates.ada)
        #expect(ada.subject.commonNames == ["ada"] && ada.subject.organizations == ["Example"])
        #expect(ada.subject.organizationalUnits == ["ops", "staff"])
        #expect(ada.names.emails == ["ada@example.com"] && ada.names.hosts == ["ada.example.com"] && ada.names.uris.isEmpty)
        #expect(!ada.isAuthority)
        #expect(ada.subject.text == "CN=ada,OU=staff,OU=ops,O=Example", "as RFC 4514 writes it")
        #expect(try read(TestCertificates.workload).names.uris == ["spiffe://cluster.local/ns/team-a/sa/runner"])
        #expect(try read(TestCertificates.authority).isAuthority)
    }

    @Test(arguments: [
        (TestCertificates.ada, "2020-01-01T00:00:00Z", "2049-12-31T23:59:59Z"),
        (TestCertificates.expired, "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
        (TestCertificates.byRSA, "2020-01-01T00:00:00Z", "2051-01-01T00:00:00Z"),
    ])
    func saysForHowLong(pem: String, first: String, last: String) throws {
        let validity = try read(pem).validity
        #expect(validity.lowerBound.rfc3339 == first && validity.upperBound.rfc3339 == last)
    }

    @Test(arguments: [
        (TestCertificates.ada, TestCertificates.authority, true), (TestCertificates.ada, TestCertificates.otherAuthority, false),
        (TestCertificates.stranger, TestCertificates.authority, false),
        (TestCertificates.byRSA, TestCertificates.rsaAuthority, true),
        (TestCertificates.byRSA, TestCertificates.authority, false),
        (TestCertificates.byEd25519, TestCertificates.ed25519Authority, true),
        (TestCertificates.byP384, TestCertificates.p384Authority, true),
        (TestCertificates.subordinate, TestCertificates.authority, true),
        // No authority.
        (TestCertificates.ada, TestCertificates.ada, false),
    ])
    func isSignedByItsAuthorityAlone(certificate: String, authority: String, isSigned: Bool) throws {
        #expect(try read(certificate).isSigned(by: read(authority)) == isSigned)
    }

    /// Each byte of it counts: it is another certificate, none at all, or its signature does not fit.
    @Test func noByteCanBeChanged() throws {
        let (ada, authority) = (try read(TestCertificates.ada), try read(TestCertificates.authority))
        for index in ada.der.indices {
            var der = ada.der
            der[index] ^= 0x20
            #expect(!(Certificate(der: der)?.isSigned(by: authority) ?? false), "byte \(index)")
        }
    }

    @Test func noByteCanBeMissing() throws {
        let der = try read(TestCertificates.ada).der
        for count in 0..<der.count { #expect(Certificate(der: Array(der.prefix(count))) == nil) }
        #expect(Certificate(der: der + [0]) == nil)
    }

    @Test(arguments: [
        "", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----",
    ])
    func textsWithout(text: String) {
        #expect(Certificate.all(inPEM: Array(text.utf8))?.isEmpty ?? true)
    }

    @Test func aTextHoldsSeveral() throws {
        let text = "around\n" + TestCertificates.ada + "\r\nthem\n" + TestCertificates.authority + "\n"
        #expect(Certificate.all(inPEM: Array(text.utf8))?.map(\.subject.commonNames) == [["ada"], ["Clients CA"]])
    }
}
