import JOSE
import OpenIDProvider
import Testing
import Web

/// Where people choose how they sign in.
@Suite struct ConnectorChoiceTests {
    private struct Directory: PasswordConnector {
        let id = "ldap"
        let name: String? = "Company <directory>"
        let loginKind = LoginPage.LoginKind.labelled("Staff number")

        func authenticate(login: String, password: Secret) async -> PasswordOutcome { .wrong }
        func refresh(_ user: ConnectorUser) async -> RefreshedUser { .gone }
    }

    @Test func oneConnectorNeedsNoChoice() async throws {
        let response = try await TestProvider().get("/auth", TestProvider.parameters)
        #expect(response.status == 303)
        #expect(response.headers.first("location")?.hasPrefix("/dex/auth/local/login?") == true)
    }

    @Test func severalAreShownByTheirNames() async throws {
        let response = try await TestProvider(others: [Directory()]).get("/auth", TestProvider.parameters)
        #expect(response.status == 200)
        #expect(response.text.contains("Company &lt;directory&gt;"))
        #expect(response.text.contains("E-mail address"))
        for id in ["local", "ldap"] { #expect(response.text.contains("href=\"/dex/auth/\(id)/login?request=")) }
    }

    @Test(arguments: [("/auth/ldap", [:]), ("/auth", ["connector_id": "ldap"])] as [(String, [String: String])])
    func aNamedOneIsNotAskedFor(_ path: String, _ more: [String: String]) async throws {
        let parameters = TestProvider.parameters.merging(more) { $1 }
        let response = try await TestProvider(others: [Directory()]).get(path, parameters)
        #expect(response.status == 303)
        #expect(response.headers.first("location")?.hasPrefix("/dex/auth/ldap/login?") == true)
    }

    @Test(arguments: [("/auth/nobody", [:]), ("/auth", ["connector_id": "nobody"])] as [(String, [String: String])])
    func anUnknownOneLeadsNowhere(_ path: String, _ more: [String: String]) async throws {
        let parameters = TestProvider.parameters.merging(more) { $1 }
        #expect(try await TestProvider(others: [Directory()]).get(path, parameters).status == 404)
    }

    @Test func aBadRequestIsRefusedBeforeAnybodyChooses() async throws {
        let parameters = TestProvider.parameters.merging(["redirect_uri": "https://evil.example/"]) { $1 }
        #expect(try await TestProvider(others: [Directory()]).get("/auth", parameters).status == 400)
    }
}
