import JOSE
import RelyingParty
import Synchronization
import Testing
import Web

struct SubjectAccessReviewTests {
    /// Answers every request with one response, and remembers the last.
    private final class FixedServer: ProviderExchange {
        let response: ProviderResponse
        let request = Mutex<ProviderRequest?>(nil)

        init(_ body: String, status: Int) { response = ProviderResponse(status: status, body: Array(body.utf8)) }

        func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
            self.request.withLock { $0 = request }
            return response
        }
    }

    private static let review = SubjectAccessReview(
        subject: AccessSubject(user: "ada", groups: ["g"], extra: [.init(name: "scopes", values: ["a", "b"])]),
        attributes: .resource(.init(verb: "get", group: "kubeflow.org", resource: "notebooks", namespace: "team-a")))

    /// `true`, `false` or `failed`.
    private func answer(_ body: String, status: Int) async -> String {
        let api = KubernetesAPI(server: "https://k.example", exchange: FixedServer(body, status: status))
        do throws(UpstreamFailure) { return "\(try await api.allows(Self.review))" } catch { return "failed" }
    }

    @Test(arguments: [
        (#"{"status":{"allowed":true}}"#, 201, "true"), (#"{"status":{"allowed":true}}"#, 200, "true"),
        (#"{"status":{"allowed":false}}"#, 201, "false"), (#"{"status":{"allowed":false,"denied":true}}"#, 201, "false"),
        (#"{"status":{"allowed":true,"denied":true}}"#, 201, "false"),
        (#"{"status":{"allowed":false,"evaluationError":"x"}}"#, 201, "false"),
        (#"{"status":{"allowed":"true"}}"#, 201, "failed"), (#"{"status":{}}"#, 201, "failed"), ("{}", 201, "failed"),
        ("", 201, "failed"), (#"{"status":{"allowed":true}}"#, 403, "failed"), (#"{"status":{"allowed":true}}"#, 500, "failed"),
        (#"{"status":{"allowed":true,"allowed":false}}"#, 201, "failed"), (#"{"status":{"allowed":true}}"#, 302, "failed"),
    ])
    func answers(body: String, status: Int, expected: String) async {
        #expect(await answer(body, status: status) == expected)
    }

    @Test func isWrittenAsKubernetesReadsIt() async throws {
        let server = FixedServer("{}", status: 500)
        _ = try? await KubernetesAPI(server: "https://k.example/", exchange: server).allows(Self.review)
        let request = try #require(server.request.withLock { $0 })
        #expect(request.url == "https://k.example/apis/authorization.k8s.io/v1/subjectaccessreviews" && request.method == .post)
        let expected: JSONValue = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
            "spec": [
                "user": "ada", "groups": ["g"], "extra": ["scopes": ["a", "b"]],
                "resourceAttributes": [
                    "verb": "get", "group": "kubeflow.org", "resource": "notebooks", "namespace": "team-a",
                ],
            ],
        ]
        #expect(try JSONReader.read(request.body) == expected)
    }

    @Test(arguments: [
        (AccessAttributes.path("/metrics", verb: "get"), "get /metrics"),
        (.resource(.init(verb: "list", resource: "pods")), "list pods"),
        (
            .resource(
                .init(verb: "get", group: "a.b", resource: "r", subresource: "status", namespace: "n", name: "x")),
            "get r.a.b/status x in namespace n"
        ),
    ])
    func isSaidAsKubectlSaysIt(attributes: AccessAttributes, text: String) {
        #expect(attributes.description == text)
    }
}
