import AuthService
import Web

/// For gateways that can overwrite a header of a request but not remove one that a reply names: what was not taken from the
/// client's request before the check would reach the application.
///
/// Such gateways strip our headers before they ask. One that is still there (a spelling that the gateway's configuration cannot
/// name, or a configuration that strips nothing) closes the gate.
enum UnstrippedHeaders {
    /// Whether a request that would pass still holds a header that is ours.
    static func areIn(_ decision: Decision) -> Bool {
        guard case .accept(let accepted) = decision, !accepted.sentByClient.isEmpty else { return false }
        return accepted.sentByClient.contains { !neededByTheCheck.contains($0) }
    }

    /// The client's own credentials. The gateway overwrites them with ours where they are ours to set.
    private static let neededByTheCheck: Set<String> = ["authorization", "cookie"]
}
