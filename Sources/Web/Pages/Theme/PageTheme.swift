/// What the pages look like: our own design, or what a directory changes of it.
package struct PageTheme: Sendable {
    package let stylesheet: Assets.Asset
    package let logo: Assets.Asset
    private let files: [Assets.Asset]
    private let templates: [PageTemplate.Name: PageTemplate]
    /// Whether pages may load fonts from us: the policy says so only where there are some.
    let hasFonts: Bool

    package static let builtIn = PageTheme(
        stylesheet: Assets.stylesheet, logo: Assets.logo, files: [], templates: [:], hasFonts: false)

    init(
        stylesheet: Assets.Asset, logo: Assets.Asset, files: [Assets.Asset], templates: [PageTemplate.Name: PageTemplate],
        hasFonts: Bool
    ) {
        self.stylesheet = stylesheet
        self.logo = logo
        self.files = files
        self.templates = templates
        self.hasFonts = hasFonts
    }

    /// The asset whose path ends in `/name`; nil where there is none, or where it is one of another version.
    package func response(for name: some StringProtocol) -> WebResponse? {
        let own = [
            stylesheet, logo, Assets.signInScript, Assets.keptPostScript, Assets.formPostScript, Assets.loginScript,
            Assets.signingOutScript, Assets.passkeyScript,
        ]
        return (own + files).first { sameBytes($0.name, name) }?.response
    }

    /// The theme's template of that name, or ours.
    func template(_ name: PageTemplate.Name, builtIn: PageTemplate) -> PageTemplate { templates[name] ?? builtIn }
}

extension PageTemplate {
    /// The templates that a theme may replace: `templates/sign-out.html`.
    package enum Name: String, Sendable, CaseIterable {
        /// What stands around the content of every page.
        case document
        /// Where people choose among the accounts that are signed in at the provider.
        case accounts
        /// Where people allow an application what it asks for, and what they have allowed.
        case consent
        case consents
        /// Where people choose how they sign in at the provider.
        case connectors
        /// Where people enter the code of a device, and are asked whether it is theirs.
        case device
        /// Hands a provider's answer to an application.
        case formPost = "form-post"
        /// A form that was sent without being signed in.
        case keptForm = "kept-form"
        case login
        case message
        /// Where people choose a password.
        case password
        /// Where people give their second factor, set one up, or read their recovery codes.
        case secondFactor = "second-factor"
        /// What they have set up.
        case secondFactors = "second-factors"
        case sessions
        /// Where people choose the provider that they sign in at.
        case signIn = "sign-in"
        case signOut = "sign-out"
        case signedOut = "signed-out"
        /// Tells applications of a sign-out, in frames.
        case signingOut = "signing-out"
        case tokens
    }
}
