import AuthService
import NIOHTTP1

/// For gateways that can overwrite a header of a request but not remove one that a reply names: what was not taken from the
/// client's request before the check would reach the application.
///
/// Such gateways strip our headers before they ask. One that is still there (a spelling that the gateway's configuration cannot
/// name, or a configuration that strips nothing) closes the gate.
enum UnstrippedHeaders {
    /// Whether a request that would pass still holds a header that is ours.
    static func areIn(_ headers: HTTPHeaders, of decision: Decision) -> Bool {
        guard case .accept(let accepted) = decision else { return false }
        let names = Set(headers.map { $0.name.lowercased() }).subtracting(neededByTheCheck)
            .subtracting(ForwardedRequest.gatewayHeaders)
        return accepted.headersToSet.contains { names.contains($0.name.lowercased()) }
            || accepted.headersToRemove.contains { names.contains($0.lowercased()) }
    }

    /// The client's own credentials. The gateway overwrites them with ours where they are ours to set.
    private static let neededByTheCheck: Set<String> = ["authorization", "cookie"]
}
