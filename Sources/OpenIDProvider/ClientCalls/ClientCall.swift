import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// A form that a client sends to an endpoint that is for clients: token, introspection, revocation, device authorization, pushed
/// authorization requests. The checks note in it what they find.
protocol ClientCall: Sendable {
    /// What audit lines call it, such as `token request`.
    static var name: String { get }

    var web: WebRequest { get }
    /// `nil` where the body is no readable form.
    var fields: FormFields? { get }
    var now: UnixTime { get }
    /// Once it has proved who it is.
    var client: Client? { get set }
    /// The grant that a refusal is about, for the audit line.
    var grant: GrantRecord? { get }
}

extension ClientCall {
    var grant: GrantRecord? { nil }

    /// A parameter without a value counts as left out (RFC 6749 §3.2).
    subscript(name: String) -> String? {
        fields?.first(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    var credentials: ClientCredentials { fields.map { ClientCredentials(headers: web.headers, fields: $0) } ?? .missing }
}

/// One thing that a client's call must fulfil.
struct ClientCallCheck<Call: ClientCall>: Sendable {
    typealias Refusal = @Sendable (inout Call, Issuer) async throws(ProviderStoreFailure) -> TokenRefusal?

    let name: String
    let section: String
    let refusal: Refusal

    init(_ name: String, _ section: String, _ refusal: @escaping Refusal) {
        self.name = name
        self.section = section
        self.refusal = refusal
    }
}

extension Issuer {
    /// The first refusal decides, and is written to the audit log.
    func firstRefusal<Call: ClientCall>(
        _ checks: [ClientCallCheck<Call>], _ call: inout Call
    ) async throws(ProviderStoreFailure) -> TokenRefusal? {
        for check in checks {
            guard var refusal = try await check.refusal(&call, self) else { continue }
            let reference = Reference(randomness: randomness)
            if !refusal.isExpected {
                let detail = refusal.detail.map { ": \($0)" } ?? ""
                let reason = "\(Call.name): \(check.name) (\(check.section))\(detail)"
                record(.tokenRefused, reason, reference: reference, client: call.client?.id, request: call.web)
            }
            refusal.reference = reference
            return refusal
        }
        return nil
    }

    /// Tells the client, and ends the grant where the refusal says so.
    func refuse(_ refusal: TokenRefusal, _ call: some ClientCall) async throws(ProviderStoreFailure) -> WebResponse {
        if let id = refusal.endedGrantID, try await store.endGrant(id: id) {
            record(
                .revocation, "everything of the sign-in has ended: \(refusal.error.description)",
                identity: call.grant.map(identity), client: call.client?.id, request: call.web)
        }
        return refusal.response
    }

    /// For what failed on our side: nothing was given.
    func unavailable(_ detail: String, _ call: some ClientCall) -> WebResponse {
        logger.error(
            "a \(type(of: call).name) failed on our side",
            metadata: ["detail": .string(detail), "request_id": .string(call.web.id)])
        return TokenRefusal.unavailable().response
    }
}
