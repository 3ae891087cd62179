package import Web

/// The answer to one check. It has no default and no empty form: an error becomes a `Rejection` in one place.
package enum Decision: Sendable {
    // In a box: a decision is handed on several times, and this one has many references to count.
    indirect case accept(Accepted)
    case reject(Rejection)
    case redirect(Redirection)
    case respond(Page)
}

/// The client gets this response instead of the application's. The status is 4xx or 5xx, never another.
package struct Rejection: Sendable {
    /// Why, for gateways whose protocol has a code of its own (Envoy's `google.rpc.Status`).
    package enum Kind: Sendable {
        /// Nobody is signed in, or the credential is not valid (401).
        case unauthenticated
        /// Signed in, but not allowed (403).
        case forbidden
        /// The request itself is refused (400, 404, 405, 413).
        case invalidRequest
        /// We cannot tell at the moment (503, 500).
        case unavailable
    }

    package var kind: Kind
    package var response: WebResponse
    /// For metrics, as in the others.
    package var source = DecisionSource.none

    package init(kind: Kind, response: WebResponse) {
        self.kind = kind
        self.response = response
    }
}

/// The client is sent elsewhere: to the sign-in, or back from it. Status 302 or 303.
package struct Redirection: Sendable {
    package var status: Int
    /// An absolute URL, already checked.
    package var location: String
    /// `Set-Cookie` values for the client.
    package var cookies: [String]
    package var source = DecisionSource.none

    package init(status: Int = 302, location: String, cookies: [String] = []) {
        self.status = status
        self.location = location
        self.cookies = cookies
    }
}

/// A page or document of the service's own (sign-out, user info, keys): any status, the client gets it as it is.
package struct Page: Sendable {
    package var response: WebResponse
    package var source = DecisionSource.none

    package init(response: WebResponse) {
        self.response = response
    }
}
