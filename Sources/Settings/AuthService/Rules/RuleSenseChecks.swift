import Yams

/// Whether the keys of one rule make sense together.
enum RuleSenseChecks {
    static func check(_ rule: AccessRule, _ fields: Fields) {
        let asksForUser = rule.allow != .nobody && rule.allow != .anyone
        let userKeys =
            SignInRequirementKeys.listed.map(\.name) + [
                RuleSection.allowPreflight.name, RuleSection.audience.name, RuleSection.headers.name,
                RuleSection.tokenExchange.name,
                RuleSection.tenant.name, RuleSection.onFailure.name,
            ]
        for key in userKeys where fields.given(key) != nil && !asksForUser && fields.reading.isSound(fields.reading.way) {
            fields.reading.error("`\(key)` is of use only where `allow` asks for a user", "remove it", at: fields.given(key))
        }
        for key in [SignInRequirementKeys.acr.name, SignInRequirementKeys.amr.name] {
            guard let node = fields.given(key), node.sequence?.isEmpty == true else { continue }
            fields.reading.error("`\(key)` is empty: nothing could be right", "remove it, or name a value", at: node)
        }
        checkTenant(rule, fields)
    }

    private static func checkTenant(_ rule: AccessRule, _ fields: Fields) {
        guard case .members(let membership) = rule.allow else { return }
        if membership.namesTenant, rule.tenant == nil, fields.given(RuleSection.tenant.name) == nil {
            fields.reading.error(
                "`allow` has `{tenant}`, and no `tenant` says which that is", "add `tenant: { path: /team/* }`",
                at: fields.given(RuleSection.allow.name))
        }
        if !membership.namesTenant, let node = fields.given(RuleSection.tenant.name) {
            fields.reading.error(
                "`allow` does not look at the `tenant`: its people could enter all of them",
                "write `{tenant}` in `allow`, such as `groups: [\"team-{tenant}\"]`", at: node)
        }
    }
}
