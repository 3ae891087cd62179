/// What would become of a request, and why: for people who write rules.
package struct Explanation: Sendable {
    package enum Outcome: String, Sendable {
        case accept
        /// To the sign-in.
        case redirect
        case reject
        /// A page or document of the service's own.
        case respond
    }

    package var outcome: Outcome
    /// What the client gets where the application is not asked.
    package var status: Int?
    /// `rules[3]`, `default`, or in words what decides before the rules; `nil` where the request cannot be read.
    package var rule: String?
    /// In the order of the file; `nil` where no rule of the file decides.
    package var ruleIndex: Int?
    /// Lower case, without port.
    package var host: String?
    /// Normalised.
    package var path: String?
    package var tenant: String?
    /// Sentences, in the order in which the decision was made.
    package var reasons: [String] = []
    /// What an application would get; without the assertion, which only a running service signs.
    package var headersToSet: [Accepted.Header] = []
    package var headersToRemove: [String] = []

    init(_ outcome: Outcome, status: Int? = nil) {
        self.outcome = outcome
        self.status = status
    }
}
