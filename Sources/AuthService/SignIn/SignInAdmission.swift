package import Accounts

/// Whom a provider's sign-in is for. Nothing named: everybody whom the provider vouches for.
package struct SignInAdmission: Sendable {
    package enum Outcome: Sendable, Equatable {
        case admitted
        case refused
        /// The list could not be read: nobody gets in by it.
        case unavailable(detail: String)
    }

    package var users: [UserPattern]
    package var groups: Set<String>
    package var emails: EmailFile?

    package init(users: [UserPattern] = [], groups: Set<String> = [], emails: EmailFile? = nil) {
        self.users = users
        self.groups = groups
        self.emails = emails
    }

    /// One of what is named is enough. For sign-ins, and for refreshes: who is taken off a list stays out.
    package func outcome(for identity: Identity) -> Outcome {
        guard !users.isEmpty || !groups.isEmpty || emails != nil else { return .admitted }
        if Permission.members(users: users, groups: Array(groups)).permits(identity) { return .admitted }
        guard let emails else { return .refused }
        // An address that nobody has verified is a text that its owner chose.
        guard let address = identity.emailVerified ? identity.email : nil else { return .refused }
        do throws(EmailFile.Unreadable) { return try emails.contains(address) ? .admitted : .refused } catch {
            return .unavailable(detail: error.detail)
        }
    }
}
