package import RelyingParty

/// One provider that people can sign in at.
package struct SignInProvider: Sendable {
    /// As in the configuration; part of the sealed state, so that one provider's reply never counts as another's.
    package let id: String
    package let client: RelyingParty

    package init(id: String, client: RelyingParty) {
        self.id = id
        self.client = client
    }
}
