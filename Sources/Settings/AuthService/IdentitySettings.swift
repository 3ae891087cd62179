package import JOSE

/// What an application is told about the user, and what is taken away from requests.
package struct IdentitySettings: Sendable {
    /// One request header and what fills it.
    package struct Header: Sendable, Equatable {
        /// Lower case.
        package var name: String
        /// A claim (`email`), the path to one (`realm_access.roles`), or a text with claims in it (`user:{sub}`).
        package var template: String

        package init(name: String, template: String) {
            self.name = name
            self.template = template
        }
    }

    /// Headers that applications of other programs know, so that nobody has to list them.
    package enum Preset: String, Sendable, CaseIterable {
        case xAuthRequest = "x-auth-request"
        case xForwarded = "x-forwarded"
        case kubeflow
    }

    /// How a header's text is written.
    package enum Encoding: String, Sendable, CaseIterable {
        case percent, base64
    }

    /// What the header `authorization` tells the application.
    package enum Authorization: String, Sendable, CaseIterable {
        case idToken, accessToken, basic
    }

    /// Who an application with HTTP Basic takes the person for.
    package struct Basic: Sendable {
        /// As `Header.template`.
        package var user: String
        package var password: Secret?
    }

    /// The signed statement about the user, a JWT in a request header.
    package struct Assertion: Sendable, Equatable {
        /// Lower case.
        package var header: String
        /// Seconds.
        package var lifetime: Int64
        package var audience: String
        package var algorithm: SignatureAlgorithm
    }

    /// In the file's order, those of the presets behind them; names unique.
    package var headers: [Header]
    package var encoding: Encoding
    package var authorization: Authorization?
    package var basic: Basic
    /// The header that carries the provider's access token; lower case.
    package var accessTokenHeader: String?
    /// Headers to remove from every request besides the ones above.
    package var strip: [HeaderPattern]
    package var assertion: Assertion?

    /// Every header that we set, lower case: a client's own never goes on.
    package var headerNames: [String] {
        headers.map(\.name) + (authorization == nil ? [] : ["authorization"]) + [accessTokenHeader].compactMap { $0 }
    }
}

extension IdentitySettings.Preset {
    var headers: [IdentitySettings.Header] {
        switch self {
        case .xAuthRequest: Self.person("x-auth-request-")
        case .xForwarded: Self.person("x-forwarded-")
        case .kubeflow: [.init(name: "kubeflow-userid", template: "email"), .init(name: "kubeflow-groups", template: "groups")]
        }
    }

    private static func person(_ beginning: String) -> [IdentitySettings.Header] {
        [("user", "sub"), ("email", "email"), ("groups", "groups"), ("preferred-username", "preferred_username")]
            .map { .init(name: beginning + $0.0, template: $0.1) }
    }
}

/// A request header's name, or all names that begin alike (`x-auth-request-*`).
package struct HeaderPattern: Sendable, Hashable {
    /// Lower case, without the `*`.
    package var name: String
    /// Whether `name` is only the beginning.
    package var isPrefix: Bool

    /// The pattern as it stands in the file, lower case.
    package var text: String { isPrefix ? name + "*" : name }
}
