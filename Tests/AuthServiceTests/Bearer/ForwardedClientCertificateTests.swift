import AuthService
import Testing

struct ForwardedClientCertificateTests {
    private static let hash = String(repeating: "0a", count: 32)

    private func read(_ text: String) -> Result<ForwardedClientCertificate, ForwardedClientCertificate.Refusal> {
        do throws(ForwardedClientCertificate.Refusal) { return .success(try ForwardedClientCertificate.last(of: text)) } catch {
            return .failure(error)
        }
    }

    @Test func readsWhatEnvoyWrites() throws {
        let element = try read(
            "By=spiffe://a/proxy;Hash=\(Self.hash);Cert=\"-----BEGIN%20X%2B%0A\";Subject=\"CN=ada\\, x,O=\\\"E;\\\"\";"
                + "URI=spiffe://a/b;URI=urn:c;DNS=one.example;DNS=two.example"
        ).get()
        #expect(element.by == ["spiffe://a/proxy"] && element.hash == Self.hash)
        #expect(element.certificate == Array("-----BEGIN X+\n".utf8))
        #expect(element.subject == "CN=ada, x,O=\"E;\"")
        #expect(element.uris == ["spiffe://a/b", "urn:c"] && element.hosts == ["one.example", "two.example"])
    }

    @Test(arguments: [
        ("URI=a,URI=b", ["b"]), ("URI=a, URI=b", ["b"]), ("URI=\"a,URI=x\",URI=b", ["b"]), ("URI=b,Hash=\(hash)", []),
        ("Subject=\",\";URI=a", ["a"]), ("URI=", [""]), ("Subject=\"\\\\\",URI=b", ["b"]), ("URI=\"b\"", ["b"]),
        ("Chain=\"x\";New=1;URI=b", ["b"]), ("uri=a", []), ("URI=a=b", ["a=b"]),
    ])
    func theLastElementCounts(text: String, uris: [String]) throws {
        #expect(try read(text).get().uris == uris)
    }

    @Test(
        arguments: [
            ("", .pair), (",", .pair), ("URI=a,", .pair), ("URI", .pair), ("=a", .pair), ("URI=a;", .pair), (";URI=a", .pair),
            ("URI=\"a", .quotes), ("URI=a\"", .quotes), ("URI=\"a\"b", .quotes), ("URI=a\"b\"", .quotes),
            ("URI=\"a\\", .quotes), ("URI=\"a\"\"b\"", .quotes), ("URI=\"a,URI=b", .quotes),
            ("Hash=\(hash);Hash=\(hash)", .twice), ("Subject=a;Subject=b", .twice), ("Cert=a;Cert=b", .twice),
            ("Hash=0a", .hash), ("Hash=\(hash.uppercased())", .hash), ("Cert=%0", .encoding), ("Cert=%zz", .encoding),
            ("URI=é", .bytes), ("URI=a\u{0}", .bytes), ("URI=a\t", .bytes),
            ("URI=\(String(repeating: "a", count: 32768))", .tooLong),
            // One that is not well formed spoils them all.
            ("URI=\"a\"b,URI=c", .quotes), ("x,URI=c", .pair),
        ] as [(String, ForwardedClientCertificate.Refusal)])
    func refuses(text: String, refusal: ForwardedClientCertificate.Refusal) {
        #expect(read(text) == .failure(refusal))
    }

    @Test(arguments: [
        ("spiffe://cluster.local/ns/a/sa/b", "cluster.local", ["ns", "a", "sa", "b"]), ("spiffe://a/x", "a", ["x"]),
        ("spiffe://a-b_c.d/X.Y_z-1", "a-b_c.d", ["X.Y_z-1"]),
    ])
    func workloads(uri: String, trustDomain: String, segments: [String]) throws {
        let identity = try #require(SPIFFEIdentity(uri))
        #expect(identity.trustDomain == trustDomain && identity.segments == segments)
    }

    @Test(arguments: [
        "", "spiffe://", "spiffe://a", "spiffe://a/", "spiffe:///x", "spiffe://A/x", "SPIFFE://a/x", "spiffe://a:1/x",
        "spiffe://u@a/x", "spiffe://a/x/", "spiffe://a//x", "spiffe://a/../x", "spiffe://a/.", "spiffe://a/%41", "spiffe://a/x?y",
        "spiffe://a/x#y", "https://a/x", "spiffe://a/x y", "spiffe://a/é",
    ])
    func noWorkloads(uri: String) {
        #expect(SPIFFEIdentity(uri) == nil)
    }
}
