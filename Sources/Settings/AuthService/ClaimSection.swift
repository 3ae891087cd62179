import Yams

/// `authService.providers[].claims`
enum ClaimSection {
    static let user = Key.optional("user", Shape<String>.text(), "The claim that becomes `user`.")
    static let email = Key.optional("email", Shape<String>.text(), "The claim that becomes `email`.")
    static let emailVerified = Key.defaulted(
        "emailVerified", .choice(), ClaimSettings.EmailVerification.required,
        "Whether an address counts only with `email_verified`, or always, for directories that hand out the addresses.")
    static let name = Key.optional("name", Shape<String>.text(), "The claim that becomes `name`.")
    static let preferredUsername = Key.optional(
        "preferredUsername", Shape<String>.text(), "The claim that becomes `preferred_username`.")
    static let groups = Key.defaulted(
        "groups", .oneOrMore(Shape<String>.text()), [], "The claim or claims that become `groups`, as `realm_access.roles`.")
    static let groupOverage = Key.optional(
        "groupOverage", GroupOverageSection.section.shape, "Where Microsoft's groups are looked up that are too many for a token."
    )
    static let transforms = Key.defaulted(
        "transform", .list(of: ClaimTransformSection.section.shape), [], "Changes of claims, in this order.")

    static let section = Section(
        "claims",
        [
            user.listed, email.listed, emailVerified.listed, name.listed, preferredUsername.listed, groups.listed,
            groupOverage.listed, transforms.listed,
        ]
    ) { fields in
        ClaimSettings(
            user: fields(user), email: fields(email), emailVerification: fields(emailVerified), name: fields(name),
            preferredUsername: fields(preferredUsername), groups: fields(groups), groupOverage: fields(groupOverage),
            transforms: fields(transforms))
    }
}

/// `authService.providers[].claims.groupOverage`
enum GroupOverageSection {
    static let graphURL = Key.optional("graphURL", .issuer(), "Microsoft Graph's root; the public cloud's when missing.")
    static let naming = Key.defaulted("name", .choice(), ClaimSettings.GroupNaming.id, "What stands for a group.")

    static let section = Section("groupOverage", [graphURL.listed, naming.listed]) { fields in
        ClaimSettings.GroupOverage(graphURL: fields(graphURL), naming: fields(naming))
    }
}

/// `authService.providers[].claims.transform[]`
enum ClaimTransformSection {
    static let claim = Key.required("claim", Shape<String>.text(), standIn: "", "The claim, by our name for it.")
    static let match = Key.optional("match", .pattern(), "A regular expression that the whole text has to match.")
    static let replace = Key.optional(
        "replace", Shape<String>.text(), "What takes its place; `$1` is what the first group matched.")
    static let others = Key.defaulted("others", .choice(), Others.keep, "What becomes of texts that do not match.")
    static let removePrefix = Key.optional("removePrefix", Shape<String>.text(), "Taken from the front.")
    static let removeSuffix = Key.optional("removeSuffix", Shape<String>.text(), "Taken from the end.")
    static let lowerCase = Key.defaulted("lowerCase", .boolean(), false, "Whether capitals become small letters.")
    static let addPrefix = Key.optional("addPrefix", Shape<String>.text(), "Put in front.")
    static let addSuffix = Key.optional("addSuffix", Shape<String>.text(), "Put at the end.")

    enum Others: String, CaseIterable, Sendable {
        case keep, drop
    }

    static let section = Section(
        "transform",
        [
            claim.listed, match.listed, replace.listed, others.listed, removePrefix.listed, removeSuffix.listed,
            lowerCase.listed, addPrefix.listed, addSuffix.listed,
        ]
    ) { fields in
        let transform = ClaimSettings.Transform(
            claim: fields(claim), match: fields(match), replacement: fields(replace), keepsOthers: fields(others) == .keep,
            removePrefix: fields(removePrefix), removeSuffix: fields(removeSuffix), lowerCase: fields(lowerCase),
            addPrefix: fields(addPrefix), addSuffix: fields(addSuffix))
        if fields.given(match.name) == nil, let node = fields.given(replace.name) {
            fields.reading.error("`replace` is there without `match`", "add `match`, or use `addPrefix` and the like", at: node)
        }
        return transform
    }

}

extension Shape where Value == String {
    /// A regular expression.
    static func pattern() -> Shape {
        text().then(show: { .text($0) }) { text, node, reading -> String? in
            guard (try? Regex(text)) != nil else {
                return reading.refuse(
                    "\(quoted(text)) is no regular expression", "put it in single quotes, and check its brackets", node)
            }
            return text
        }
    }
}

extension Shape {
    /// One value, or a list of them.
    static func oneOrMore<Element>(_ element: Shape<Element>) -> Shape where Value == [Element] {
        let list = Shape.list(of: element)
        return Shape(
            schema: .object([("oneOf", .array([element.schema, list.schema]))]),
            read: { node, reading in
                if case .sequence = node { return list.read(node, reading) }
                return element.read(node, reading).map { [$0] }
            },
            show: { list.show($0) })
    }
}
