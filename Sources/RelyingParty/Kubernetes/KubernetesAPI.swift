import JOSE
import Web

/// A Kubernetes API server, asked by reviews: objects that are created, answered in their `status`, and kept nowhere.
package struct KubernetesAPI: Sendable {
    private let base: String
    private let exchange: any ProviderExchange

    /// - Parameters:
    ///   - server: the API server's base URL, such as `https://kubernetes.default.svc`.
    ///   - exchange: sends our own service account's token along.
    package init(server: String, exchange: any ProviderExchange) {
        base = server.utf8.last == UInt8(ascii: "/") ? String(server.dropLast()) : server
        self.exchange = exchange
    }

    /// The `status` that the server gives a review.
    /// - Parameters:
    ///   - kind: such as `TokenReview`, of `group` in version v1.
    ///   - resource: as in the path: `tokenreviews`.
    func status(
        ofReview kind: String, in group: String, resource: String, spec: JSONValue
    ) async throws(UpstreamFailure) -> JSONObject {
        let review: JSONValue = ["apiVersion": .string(group + "/v1"), "kind": .string(kind), "spec": spec]
        let response = try await exchange.exchange(
            ProviderRequest(
                method: .post, url: "\(base)/apis/\(group)/v1/\(resource)",
                headers: ["content-type": "application/json", "accept": "application/json"], body: review.jsonBytes))
        guard response.status == 200 || response.status == 201 else {
            throw UpstreamFailure(.status(response.status), "from the \(kind) of the API server")
        }
        guard let status = (try? JSONReader.read(response.body))?.object?["status"]?.object else {
            throw UpstreamFailure(.malformed, "the API server's answer is no \(kind) with a status")
        }
        return status
    }
}
