package import JOSE

/// What an application is told about the user, and what is taken away from requests.
package struct IdentitySettings: Sendable {
    /// One request header filled from one claim; lists are joined with commas.
    package struct Header: Sendable, Equatable {
        /// Lower case.
        package var name: String
        package var claim: String
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

    /// In the file's order, names unique.
    package var headers: [Header]
    /// Headers to remove from every request besides the ones above.
    package var strip: [HeaderPattern]
    package var assertion: Assertion?
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
