/// A provider that gave no answer that can be used: nothing is known about the person or the code.
package struct UpstreamFailure: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// No connection, or it broke, or the URL is not one that may be asked.
        case unreachable
        case timeout
        /// An HTTP status that the protocol does not know at this place.
        case status(Int)
        /// More than `ProviderResponse.maximumBodyBytes`.
        case tooLarge
        /// An answer that the protocol does not know: no JSON, a member missing, another issuer.
        case malformed
    }

    package let kind: Kind
    /// For operators: from our own code, never a secret, never text of the provider's beyond its configured URLs.
    package let detail: String

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    /// Whether the same request may succeed a little later.
    package var isRetryable: Bool {
        switch kind {
        case .unreachable, .timeout: true
        case .status(let status): status == 429 || status >= 500
        case .tooLarge, .malformed: false
        }
    }
}
