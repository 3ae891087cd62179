/// `authService.signIn`
enum SignInSection {
    static let keepPosts = Key.optional(
        "keepPosts", .byteCount(1024...64 * 1024),
        "Forms up to this size that are sent after the session has ended are kept in the browser over the sign-in.")

    static let section = Section("signIn", [keepPosts.listed]) { fields in
        SignInSettings(keepPosts: fields(keepPosts))
    }
}

/// How people sign in, whatever the provider.
package struct SignInSettings: Sendable, Equatable {
    /// Bytes of a form that is kept over a sign-in; nil: none is.
    package var keepPosts: Int?
}
