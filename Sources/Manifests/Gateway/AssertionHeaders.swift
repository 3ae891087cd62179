import Settings

/// Who tells applications about the user: one of them, never both for one header.
package enum IdentityMode: String, Sendable, CaseIterable {
    /// Gatehouse's answer sets the headers.
    case header
    /// The gateway verifies Gatehouse's assertion, and makes the headers of its claims.
    case token
}

/// Which of the identity headers a gateway makes of the claims of the assertion that it has verified.
struct AssertionHeaders: Sendable {
    private(set) var made: [(header: String, claim: String)] = []
    /// What no claim fills as one plain text: of a list, gateways make base64 of JSON.
    private(set) var left: [IdentitySettings.Header] = []

    /// Refuses what a gateway cannot verify, and headers that would have two sources.
    init(_ configuration: Configuration, _ check: EnvoyManifest.Mode) throws(KubernetesProblem) {
        try Self.refuseWhatCannotBeVerified(configuration, check)
        for header in configuration.authService?.identity.headers ?? [] {
            if let claim = Self.claim(header) {
                made.append((header.name, claim))
            } else {
                left.append(header)
            }
        }
    }

    /// What the assertion has as one text, by itself or in braces.
    private static func claim(_ header: IdentitySettings.Header) -> String? {
        ["sub", "email", "name", "preferred_username"].first { [$0, "{\($0)}"].contains(header.template) }
    }

    /// What whoever runs the command should know of those that are left.
    var notes: [String] {
        left.map {
            "`\($0.name)` (\($0.template)) is no single claim of the assertion, so applications do not get it: "
                + "let them read the assertion, or give --mode header"
        }
    }

    private static func refuseWhatCannotBeVerified(
        _ configuration: Configuration, _ check: EnvoyManifest.Mode
    ) throws(KubernetesProblem) {
        guard let service = configuration.authService, service.identity.assertion != nil else {
            throw KubernetesProblem(
                "there is no `authService.identity.assertion` for the gateway to verify", "add one, or give --mode header")
        }
        guard check == .grpc else {
            throw KubernetesProblem(
                "over HTTP, no assertion is an empty one, which the gateway takes for a bad one",
                "give --check grpc, or --mode header")
        }
        let claimed = Set(service.identity.headers.map(\.name))
        for (index, rule) in service.rules.enumerated() {
            guard let header = rule.headers.first(where: { claimed.contains($0.name) }) else { continue }
            throw KubernetesProblem(
                "`authService.rules[\(index)]` sets `\(header.name)`, which the gateway makes of the assertion",
                "give --mode header")
        }
    }
}
