import Yams

/// `provider.mfa`
enum SecondFactorSection {
    static let required = Key.defaulted(
        "required", .choice(), ProviderMFASettings.Required.never,
        "Who has to have a second factor; whoever has set one up is always asked for it.")
    static let groups = Key.defaulted(
        "groups", .list(of: Shape<String>.text()), [], "For `required: groups`: whoever is in one of these.")
    static let label = Key.optional("label", .text(), "What authenticator apps show; the issuer's host when missing.")
    static let acrValues = Key.defaulted(
        "acrValues", .list(of: Shape<String>.scope()), ["mfa"],
        "The `acr` of sign-ins with a second factor: clients that ask for one get it; the first is told to all others.")

    static let passkeys = Key.section(
        "passkeys", PasskeySection.section, "Passkeys (WebAuthn), as second factor and alone.")

    static let section = Section(
        "mfa", [required.listed, groups.listed, label.listed, acrValues.listed, passkeys.listed]
    ) { fields in
        let settings = ProviderMFASettings(
            required: fields(required), groups: fields(groups), label: fields(label), acrValues: fields(acrValues),
            passkeys: fields(passkeys))
        if (settings.required == .groups) == settings.groups.isEmpty {
            fields.reading.error(
                "`required: groups` and `groups` go together", "write both, or neither",
                at: fields.given(required.name) ?? fields.given(groups.name))
        }
        if settings.acrValues.isEmpty, let node = fields.given(acrValues.name), node.sequence?.isEmpty == true {
            fields.reading.error("`acrValues` is empty", "name one, or remove the key", at: node)
        }
        return settings
    }
}

/// Second factors at the provider.
package struct ProviderMFASettings: Sendable {
    package enum Required: String, Sendable, CaseIterable {
        case never, always, groups
    }

    package var required: Required
    /// Empty unless `required` is `groups`.
    package var groups: [String]
    /// nil: the issuer's host.
    package var label: String?
    /// At least one.
    package var acrValues: [String]
    package var passkeys: PasskeySettings
}

/// What a client or a connector says about second factors.
package enum SecondFactorRuleSetting: String, Sendable, CaseIterable {
    /// Nobody is asked.
    case skip
    /// Whoever has set one up is asked.
    case ifEnrolled
    /// Everybody is asked, and sets one up who has none.
    case required
}
