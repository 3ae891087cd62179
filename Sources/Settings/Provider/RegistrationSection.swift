package import JOSE

/// `provider.registration`
enum RegistrationSection {
    static let token = Key.required(
        "token", .secret(.registrationToken), standIn: Secret(utf8: ""),
        "What has to be shown to register; a new one ends all clients that are registered.")
    static let lifetime = Key.defaulted(
        "lifetime", .duration(atLeast: 3600, atMost: 5 * 366 * 86400), 90 * 86400, "How long a registered client is good for.")

    static let section = Section("registration", [token.listed, lifetime.listed]) { fields in
        RegistrationSettings(token: fields(token), lifetime: fields(lifetime))
    }
}

/// Clients that register themselves (RFC 7591).
package struct RegistrationSettings: Sendable {
    /// The initial access token.
    package var token: Secret
    /// Seconds.
    package var lifetime: Int64
}
