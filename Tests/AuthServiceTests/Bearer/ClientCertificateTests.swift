import Accounts
import AuthService
import JOSE
import Testing
import Web

/// The auth service that knows clients by their certificates.
private struct CertificateSetup {
    let harness: Harness

    static let byAuthority = ClientCertificateIssuer(
        authority: .certificates(Certificate.all(inPEM: Array(TestCertificates.authority.utf8)) ?? []),
        mapping: IdentityMapping(user: ClaimPath("cn"), groups: [ClaimPath("ou")], groupPrefix: "cert:"))
    static let byTrustDomain = ClientCertificateIssuer(
        authority: .trustDomain("cluster.local"),
        mapping: IdentityMapping(user: ClaimPath("uri"), email: ClaimPath("uri"), groups: [ClaimPath("spiffe.namespace")]))

    init(
        _ issuers: ClientCertificateIssuer..., onInvalid: InvalidCredentialAnswer = .unauthorized, rule: Rule? = nil
    ) throws {
        harness = try Harness(parts: { parts, clock in
            parts.credentials = Credentials(
                clientCertificates: ClientCertificates(issuers: issuers, clock: clock), onInvalid: onInvalid)
            if let rule { parts.rules = RuleSet([rule], clock: clock) }
        })
    }

    static func header(_ pem: String, more: String = "") -> String { "Cert=\"\(PercentEncoding.encode(pem))\"\(more)" }

    /// - Parameter isTrusted: whether the gateway is.
    func send(_ lines: String..., isTrusted: Bool = true, target: String = "/page") async -> Decision {
        var list: HeaderList = ["accept": "application/json"]
        for line in lines { list.add("x-forwarded-client-cert", line) }
        let http = WebRequest(
            method: "GET", scheme: "https", authority: "app.example.com", target: target, headers: list,
            clientAddress: "192.0.2.1")
        let check = CheckRequest(http: http, gatewayCarriesPages: true, gatewayTellsCertificate: isTrusted)
        return await harness.authorizer.decide(check).decision
    }

    /// As over gRPC.
    func send(certificate: String, principal: String, isTrusted: Bool = true) async -> Decision {
        var message = RequestMessage(
            WebRequest(method: "GET", scheme: "https", authority: "app.example.com", target: "/page", headers: [:]))
        message.peerCertificate = message.append(PercentEncoding.encode(certificate).utf8)
        message.peerPrincipal = message.append(principal.utf8)
        let check = CheckRequest(
            message: message, gatewayCarriesPages: true, gatewayTellsCertificate: isTrusted,
            client: ClientReader { _ in (address: "192.0.2.1", id: "1") })
        return await harness.authorizer.decide(check).decision
    }
}

extension Decision {
    /// What the application is told of a header.
    fileprivate func told(_ name: String) -> String? { accepted?.headersToSet.first { $0.name == name }?.value }
}

struct ClientCertificateTests {
    @Test func aCertificateNamesThePerson() async throws {
        let setup = try CertificateSetup(CertificateSetup.byAuthority)
        for _ in 0..<2 {
            let decision = await setup.send(CertificateSetup.header(TestCertificates.ada))
            #expect(decision.told("kubeflow-userid") == "ada@example.com")
            #expect(decision.told("kubeflow-groups") == "cert:ops,cert:staff")
        }
    }

    @Test func ofGatewaysThatAreNotTrustedNothingCounts() async throws {
        let setup = try CertificateSetup(CertificateSetup.byAuthority, CertificateSetup.byTrustDomain)
        let header = CertificateSetup.header(TestCertificates.ada)
        #expect(await setup.send(header, isTrusted: false).status == 401)
        let decision = await setup.send(
            certificate: TestCertificates.ada, principal: "spiffe://cluster.local/x", isTrusted: false)
        #expect(decision.status == 401 || decision.redirection != nil)
        #expect(decision.accepted == nil)
    }

    @Test(arguments: [
        (TestCertificates.ada, 200, ""), (TestCertificates.stranger, 401, "login_required"),
        (TestCertificates.otherAuthority, 401, "login_required"), (TestCertificates.expired, 401, "invalid_client_certificate"),
        (TestCertificates.future, 401, "invalid_client_certificate"),
        (TestCertificates.twoNames, 401, "invalid_client_certificate"),
        (TestCertificates.subordinate, 401, "invalid_client_certificate"), ("no certificate", 401, "invalid_client_certificate"),
        ("", 401, "invalid_client_certificate"),
    ])
    func certificates(pem: String, status: Int, error: String) async throws {
        let setup = try CertificateSetup(CertificateSetup.byAuthority)
        for _ in 0..<2 {
            let decision = await setup.send(CertificateSetup.header(pem))
            #expect(decision.status == status && decision.bodyText.contains(error))
        }
    }

    @Test(arguments: [
        ([CertificateSetup.header(TestCertificates.stranger) + "," + CertificateSetup.header(TestCertificates.ada)], 200),
        ([CertificateSetup.header(TestCertificates.ada) + "," + CertificateSetup.header(TestCertificates.stranger)], 401),
        ([CertificateSetup.header(TestCertificates.ada), CertificateSetup.header(TestCertificates.stranger)], 401),
        ([CertificateSetup.header(TestCertificates.ada) + ",By=x"], 401),
        (["\"" + CertificateSetup.header(TestCertificates.ada)], 401),
    ])
    func theLastElementIsTheGateways(lines: [String], status: Int) async throws {
        let setup = try CertificateSetup(CertificateSetup.byAuthority)
        let decision = lines.count == 1 ? await setup.send(lines[0]) : await setup.send(lines[0], lines[1])
        #expect(decision.status == status)
    }

    @Test(arguments: [
        ("URI=spiffe://cluster.local/ns/team-a/sa/runner", 200), (CertificateSetup.header(TestCertificates.workload), 200),
        ("URI=spiffe://cluster.local.evil/ns/team-a/sa/runner", 401),
        ("URI=spiffe://cluster.local/ns/a/sa/b;URI=spiffe://cluster.local/ns/c/sa/d", 401), ("URI=cluster.local", 401),
        ("Subject=\"CN=spiffe://cluster.local/ns/a/sa/b\"", 401), ("DNS=spiffe://cluster.local/ns/a/sa/b", 401),
        // What the certificate says itself goes before what the proxy has read.
        (CertificateSetup.header(TestCertificates.ada, more: ";URI=spiffe://cluster.local/ns/a/sa/b"), 401),
    ])
    func workloads(header: String, status: Int) async throws {
        let setup = try CertificateSetup(CertificateSetup.byTrustDomain)
        let decision = await setup.send(header)
        #expect(decision.status == status)
        guard status == 200 else { return }
        #expect(decision.told("kubeflow-userid") == "spiffe://cluster.local/ns/team-a/sa/runner")
        #expect(decision.told("kubeflow-groups") == "team-a")
    }

    @Test func whatEnvoySaysOfTheConnectionGoesFirst() async throws {
        let setup = try CertificateSetup(CertificateSetup.byAuthority, CertificateSetup.byTrustDomain)
        let both = await setup.send(certificate: TestCertificates.ada, principal: "spiffe://cluster.local/ns/a/sa/b")
        #expect(both.told("kubeflow-userid") == "ada@example.com")
        let name = await setup.send(certificate: "", principal: "spiffe://cluster.local/ns/a/sa/b")
        #expect(name.told("kubeflow-userid") == "spiffe://cluster.local/ns/a/sa/b")
        #expect(await setup.send(certificate: "", principal: "CN=ada").accepted == nil)
    }

    @Test func rulesKnowThePerson() async throws {
        let setup = try CertificateSetup(
            CertificateSetup.byAuthority, rule: Rule(permission: .members(users: [.exact("ada")], groups: ["x"])))
        #expect(await setup.send(CertificateSetup.header(TestCertificates.ada)).status == 200)
        let other = try CertificateSetup(
            CertificateSetup.byAuthority, rule: Rule(permission: .members(users: [.exact("bob")], groups: ["x"])))
        #expect(await other.send(CertificateSetup.header(TestCertificates.ada)).status == 403)
    }

    @Test func aBadOneIsNoneWhereTheSettingSaysSo() async throws {
        let setup = try CertificateSetup(CertificateSetup.byAuthority, onInvalid: .signIn)
        let decision = await setup.send(CertificateSetup.header(TestCertificates.expired))
        #expect(decision.bodyText.contains("login_required"))
    }
}
