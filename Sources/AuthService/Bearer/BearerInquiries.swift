import Accounts
import JOSE
import RelyingParty
import Web

/// Tokens about which somebody has to be asked.
extension BearerTokens {
    /// Asks `issuers` in their order about a token: the first that knows it decides.
    func inquire(
        _ token: String, _ digest: CredentialDigest, _ network: String, _ issuers: [BearerIssuer]
    ) -> CredentialLookup {
        let now = clock.now
        // Whoever sends bad tokens one after another is told to wait, before anybody is asked once more.
        if let seconds = refusals.secondsToWait(network, now: now) {
            return .refused(CredentialRefusal(.tooMany(retryAfter: seconds), reason: "too many bad tokens from one network"))
        }
        guard token.utf8.count <= Self.maximumInquiryBytes, let gate = issuers.first?.gate else {
            return .refused(CredentialRefusal(reason: "longer than \(Self.maximumInquiryBytes) bytes"))
        }
        return .pending { [self] in
            await gate.answer(about: digest) { await self.answer(about: token, digest, network, issuers) }
        }
    }

    private static let maximumInquiryBytes = 16 * 1024

    private func answer(
        about token: String, _ digest: CredentialDigest, _ network: String, _ issuers: [BearerIssuer]
    ) async -> CredentialOutcome {
        // Another request's answer may have come between the look into memory and this one's turn.
        if let held = remembered(digest) { return held }
        var refusal = CredentialRefusal(reason: "no issuer says that it is active (RFC 7662 §2.2)")
        for issuer in issuers {
            guard let inquiry = issuer.opaqueInquiry else { continue }
            do throws(UpstreamFailure) {
                guard case .active(let claims) = try await inquiry.answer(about: Secret(utf8: token)) else { continue }
                let facts = BearerFacts(answer: claims, policy: issuer.policy, now: clock.now)
                guard let objection = facts.refusal(by: BearerCheck.ofAnswer) else {
                    return admit(facts, digest, life: Self.maximumLifeOfAnswers)
                }
                refusal = objection
            } catch {
                return .unavailable(detail: "issuer \(issuer.policy.issuer): \(error.detail)")
            }
        }
        refusals.count(network, now: clock.now)
        return .refused(refuse(digest, refusal))
    }

    /// After the signature: whether the token still counts, and what else is known of the person.
    func inquireFurther(
        _ facts: BearerFacts, _ token: String, _ digest: CredentialDigest, _ issuer: BearerIssuer, _ inquiry: any TokenInquiry
    ) async -> CredentialOutcome {
        await issuer.gate.answer(about: digest) {
            if let held = self.remembered(digest) { return held }
            do throws(UpstreamFailure) {
                guard case .active(let more) = try await inquiry.answer(about: Secret(utf8: token)) else {
                    return .refused(self.refuse(digest, CredentialRefusal(reason: "its issuer says that it is not active")))
                }
                guard let subject = facts.text("sub"), more["sub"]?.string.map({ sameBytes($0, subject) }) ?? false else {
                    return .refused(self.refuse(digest, CredentialRefusal(reason: "sub: another than its issuer's answer has")))
                }
                return self.admit(facts.adding(more), digest, life: Self.maximumLifeOfAnswers)
            } catch {
                return .unavailable(detail: "issuer \(issuer.policy.issuer): \(error.detail)")
            }
        }
    }
}

extension BearerFacts {
    /// With the claims of an answer that the token itself does not have.
    fileprivate func adding(_ more: JSONObject) -> BearerFacts {
        var all = claims
        for member in more.members where all[member.name] == nil { all[member.name] = member.value }
        return BearerFacts(answer: all, policy: policy, now: now)
    }
}
