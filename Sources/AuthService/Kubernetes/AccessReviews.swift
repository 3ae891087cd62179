import Accounts
package import JOSE
package import RelyingParty

/// What a Kubernetes API server has said about who may do what, for a while; and how it is asked.
package final class AccessReviews: Sendable {
    /// Seconds for which an answer counts.
    package struct Lives: Sendable {
        package var allowed: Int64
        package var denied: Int64

        package init(allowed: Int64, denied: Int64) {
            self.allowed = allowed
            self.denied = denied
        }
    }

    enum Answer: Sendable {
        case given(Bool)
        case unavailable(detail: String)
    }

    package let subjects: AccessSubjectMapping
    private let api: KubernetesAPI
    private let lives: Lives
    private let clock: WallClock
    // Apart, so that whoever tries many things that are not allowed pushes out nobody's answers but such.
    private let allowed = RecentValues<SHA256Bytes, UnixTime>(capacity: 50_000)
    private let denied = RecentValues<SHA256Bytes, UnixTime>(capacity: 20_000)
    private let gate = InquiryGate<SHA256Bytes, Answer>(
        turnedAway: .unavailable(detail: "too many questions wait for the Kubernetes API server"))

    package init(api: KubernetesAPI, subjects: AccessSubjectMapping, lives: Lives, clock: WallClock) {
        self.api = api
        self.subjects = subjects
        self.lives = lives
        self.clock = clock
    }

    /// What is known of it now; `nil`: nothing.
    func known(_ attributes: AccessAttributes, about identity: Identity) -> Bool? {
        // Whom the cluster does not know it allows nothing, and is not asked about.
        guard let subject = subjects.subject(of: identity) else { return false }
        return known(Self.digest(SubjectAccessReview(subject: subject, attributes: attributes)))
    }

    private func known(_ digest: SHA256Bytes) -> Bool? {
        let now = clock.now
        if let until = allowed.value(digest), now < until { return true }
        if let until = denied.value(digest), now < until { return false }
        return nil
    }

    /// Whether it was allowed not longer than `seconds` ago: for rules whose failure mode says so.
    func wasAllowed(_ attributes: AccessAttributes, about identity: Identity, within seconds: Int64) -> Bool {
        guard seconds > 0, let subject = subjects.subject(of: identity),
            let until = allowed.value(Self.digest(SubjectAccessReview(subject: subject, attributes: attributes)))
        else { return false }
        return clock.now.since(until) < seconds - lives.allowed
    }

    /// Asks, on the slow lane; one request at a time asks one question, and the others wait for its answer.
    func answer(_ attributes: AccessAttributes, about identity: Identity) async -> Answer {
        guard let subject = subjects.subject(of: identity) else { return .given(false) }
        let review = SubjectAccessReview(subject: subject, attributes: attributes)
        let digest = Self.digest(review)
        return await gate.answer(about: digest) { await self.ask(review, digest) }
    }

    private func ask(_ review: SubjectAccessReview, _ digest: SHA256Bytes) async -> Answer {
        // Another request's answer may have come between the look into memory and this one's turn.
        if let isAllowed = known(digest) { return .given(isAllowed) }
        do throws(UpstreamFailure) {
            let isAllowed = try await api.allows(review)
            let now = clock.now
            if isAllowed {
                denied.remove(digest)
                allowed.insert(now.adding(lives.allowed), for: digest)
            } else {
                allowed.remove(digest)
                denied.insert(now.adding(lives.denied), for: digest)
            }
            return .given(isAllowed)
        } catch {
            return .unavailable(detail: "Kubernetes API server: \(error.detail)")
        }
    }

    private static func digest(_ review: SubjectAccessReview) -> SHA256Bytes {
        SHA256Bytes(hashing: review.spec.jsonBytes.span)
    }
}
