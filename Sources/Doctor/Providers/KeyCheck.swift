import OpenIDConnect
import JOSE
import RelyingParty

/// Whether each issuer's keys are there, and one of them verifies what its tokens are signed with.
enum KeyCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] { seen.issuers.compactMap(finding) }

    static func finding(_ visit: IssuerVisit) -> Finding? {
        let subject = visit.issuer.subject
        guard let keys = visit.keys, let url = visit.issuer.addresses.keys ?? visit.metadata?.jwksURI else { return nil }
        let place = url.quotedForeign
        switch keys {
        case .failed(let failure):
            return .failure(
                subject, "its keys cannot be fetched from \(place): \(failure.detail)",
                mend: "open the way to that URL, or write one that is reached from here as `endpoints: { jwks: … }`")
        case .response(let response, _, _) where response.status != 200:
            return .failure(
                subject, "its keys' URL \(place) is answered with \(response.status)",
                mend: "correct `jwks_uri` at the provider, or write `endpoints: { jwks: … }`")
        case .response:
            guard let json = keys.json, let set = JSONWebKeySet(json: json) else {
                return .failure(subject, "there is no key set at \(place)", mend: "correct `jwks_uri` at the provider")
            }
            return judged(visit, set, count: json.object?["keys"]?.array?.count ?? 0)
        }
    }

    private static func judged(_ visit: IssuerVisit, _ set: JSONWebKeySet, count: Int) -> Finding {
        let wanted = visit.issuer.algorithms
        let usable = wanted.filter { algorithm in set.keys.contains { $0.serves(algorithm) } }
        let names = wanted.map(\.rawValue).joined(separator: ", ")
        guard !usable.isEmpty else {
            return .failure(
                visit.issuer.subject, "of its \(count) keys none is for \(names)",
                mend: "have it sign with one of those: RSA of 2048 bits or more, P-256 or Ed25519, for signatures")
        }
        // An access token's issuer says nothing of what those are signed with.
        let told = visit.metadata?.idTokenSigningAlgorithms ?? []
        guard visit.issuer.client == nil || told.isEmpty || usable.contains(where: { told.contains($0.rawValue) }) else {
            return .failure(
                visit.issuer.subject,
                "it signs ID tokens with \(told.prefix(6).map(\.quotedForeign).joined(separator: ", ")), and \(names) is taken",
                mend: "change `algorithms`, or what the provider signs with for this client")
        }
        return .ok(
            visit.issuer.subject, "\(count) keys, good for \(usable.map(\.rawValue).joined(separator: ", "))")
    }
}
