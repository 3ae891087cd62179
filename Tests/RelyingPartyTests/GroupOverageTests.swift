import Accounts
import JOSE
import RelyingParty
import Testing
import Web

/// Microsoft's ID tokens that say only where the groups are.
struct GroupOverageTests {
    private let setup: SignInSetup
    private var graph: String { setup.provider.issuer + "/graph" }
    private static let path = "/graph/me/transitiveMemberOf/microsoft.graph.group"

    init() throws { setup = try SignInSetup() }

    private func signIn(_ claims: [String: JSONValue?], asks: Bool = true, _ naming: GroupOverage.Naming = .id) async
        -> SignInOutcome
    {
        let key = setup.provider.key
        setup.provider.change { script in
            script.idToken = { usual in
                var usual = usual
                for (name, value) in claims { usual[name] = value }
                return try JSONWebSignature.sign(usual, type: "JWT", with: key)
            }
        }
        return await setup.relyingParty { client in
            if asks { client.groupOverage = GroupOverage(graphURL: graph, naming: naming) }
            client.claims.transforms = [ClaimTransform(claim: "groups", steps: [.addPrefix("az:")])]
        }.signIn()
    }

    private func serve(_ pages: [JSONValue]) {
        setup.provider.change { $0.documents[Self.path] = TestProvider.json(pages[0]) }
        for (index, page) in pages.enumerated().dropFirst() {
            setup.provider.change { $0.documents["/graph/next\(index)"] = TestProvider.json(page) }
        }
    }

    static let overages: [[String: JSONValue?]] = [
        [
            "groups": nil, "_claim_names": ["groups": "src1"],
            "_claim_sources": ["src1": ["endpoint": "https://evil.example"]],
        ],
        ["groups": nil, "hasgroups": true],
    ]

    @Test(arguments: overages)
    func allPagesAreRead(claims: [String: JSONValue?]) async throws {
        serve([
            ["value": [["id": "g1", "displayName": "One"]], "@odata.nextLink": .string(graph + "/next1")],
            ["value": [["id": "g2", "displayName": "Two"], ["displayName": "no id"]]],
        ])
        #expect(await signIn(claims).signedIn?.identity.groups == ["az:g1", "az:g2"])
        #expect(setup.provider.requests(Self.path).first?.headers.first("authorization") == "Bearer access-1")
    }

    @Test func groupsCanGoByTheirNames() async throws {
        serve([["value": [["id": "g1", "displayName": "One"]]]])
        #expect(await signIn(Self.overages[0], .displayName).signedIn?.identity.groups == ["az:One"])
    }

    @Test func groupsOfTheTokenNeedNoQuestion() async throws {
        #expect(await signIn(["hasgroups": true]).signedIn?.identity.groups == ["az:admins"])
        #expect(setup.provider.requests(Self.path).isEmpty)
    }

    @Test func withoutTheOptionNobodyIsAsked() async throws {
        #expect(await signIn(Self.overages[0], asks: false).signedIn?.identity.groups == [])
    }

    @Test(arguments: ["https://evil.example/next", "http://127.0.0.1/next", "https://issuer.example/dex/graphs/next"])
    func theTokenGoesNowhereElse(next: String) async throws {
        serve([["value": [["id": "g1"]], "@odata.nextLink": .string(next)]])
        #expect(await signIn(Self.overages[0]).failure?.kind == .malformed)
    }

    @Test func groupsThatCannotBeReadSignNobodyIn() async throws {
        #expect(await signIn(Self.overages[0]).failure?.kind == .status(404))
    }

    @Test func pagesWithoutEndAreNotFollowed() async throws {
        serve([["value": [], "@odata.nextLink": .string(graph + "/me/transitiveMemberOf/microsoft.graph.group?x")]])
        #expect(await signIn(Self.overages[0]).failure?.kind == .tooLarge)
    }
}
