import Accounts
import RelyingParty

/// Rules that ask a Kubernetes API server.
extension Authorizer {
    /// What the API server has said in the course of one check.
    typealias AccessAnswers = [AccessAttributes: Bool]

    /// Whether the rule lets somebody in: by what is known of them, and by what the API server has said in this check or lately.
    func verdict(
        on identity: Identity, _ request: CheckRequest, _ rule: CompiledRule, _ tenant: String?, _ answers: AccessAnswers
    ) -> AccessVerdict {
        guard rule.asksCluster else { return rule.permission.permits(identity, tenant: tenant) ? .permitted : .refused }
        return rule.permission.verdict(on: identity, RequestValues(request, tenant: tenant)) { attributes in
            if let answer = answers[attributes] { return answer }
            guard let reviews = parts.accessReviews else { return false }
            return reviews.known(attributes, about: identity)
        }
    }

    /// On the slow lane. The same question is never asked twice in one check, so that this comes to an end.
    func review(
        _ attributes: AccessAttributes, about identity: Identity, _ rule: CompiledRule
    ) async -> AccessReviews.Answer {
        guard let reviews = parts.accessReviews else { return .given(false) }
        let answer = await reviews.answer(attributes, about: identity)
        guard case .unavailable = answer,
            reviews.wasAllowed(attributes, about: identity, within: rule.rule.knownSessionsGoOn)
        else { return answer }
        return .given(true)
    }

    /// Why somebody is not let in, for the audit log.
    func reason(
        ofRefusalBy rule: CompiledRule, _ identity: Identity, _ request: CheckRequest, _ tenant: String?
    ) -> String {
        guard rule.asksCluster else { return Refusals.notPermitted }
        let asked = rule.permission.questions(RequestValues(request, tenant: tenant)).map(\.description)
        guard let user = parts.accessReviews?.subjects.subject(of: identity)?.user else {
            return "\(Refusals.notPermitted): the cluster has no name for this person"
        }
        return asked.isEmpty
            ? "\(Refusals.notPermitted): the request lacks what the API server would be asked about"
            : "\(Refusals.notPermitted): the API server does not allow \(user) to \(asked.joined(separator: ", or to "))"
    }
}
