import Accounts
package import JOSE
import OpenIDConnect
import RelyingParty
import Web

/// Bearer tokens: whom they admit, from memory where they were seen before.
package final class BearerTokens: Sendable {
    let issuers: [BearerIssuer]
    let clock: WallClock
    private let admitted = RecentValues<CredentialDigest, AdmittedCredential>(capacity: 50_000, maximumCost: 64 << 20)
    private let refused = RecentValues<CredentialDigest, RecentRefusal>(capacity: 20_000)
    private let usedProofs = UsedProofs()
    let refusals = RateBound(capacity: 10_000, burst: 60, perMinute: 60)

    /// Seconds after which a token that is still good is checked anew: its issuer may have withdrawn the key.
    static let maximumLife: Int64 = 600
    /// The same for a token about which somebody has to be asked, who may have revoked it.
    static let maximumLifeOfAnswers: Int64 = 60
    /// Seconds for which a token is refused again without a look.
    static let refusalLife: Int64 = 30

    package init(issuers: [BearerIssuer], clock: WallClock) {
        self.issuers = issuers
        self.clock = clock
    }

    private struct RecentRefusal: Sendable {
        let refusal: CredentialRefusal
        let until: UnixTime
    }

    /// The credential of a token that came before and is bound to no key.
    func seenBefore(_ digest: CredentialDigest) -> AdmittedCredential? {
        guard let held = admitted.value(digest), clock.now < held.goodUntil, held.keyThumbprint == nil else { return nil }
        return held
    }

    /// - Parameter network: where the request comes from, as `RateBound` counts it.
    func lookup(_ token: String, from network: String) -> CredentialLookup {
        let digest = CredentialDigest(token)
        if let held = remembered(digest) { return .decided(held) }
        do throws(JSONWebSignature.Refusal) {
            return lookup(try JSONWebSignature(compact: token), token, digest, network)
        } catch {
            guard issuers.contains(where: { $0.opaqueInquiry != nil }) else {
                return .refused(CredentialRefusal(reason: "form: \(error.rawValue) (RFC 7519 §7.2)"))
            }
            return inquire(token, digest, network, issuers.filter { $0.opaqueInquiry != nil })
        }
    }

    private func lookup(
        _ signed: JSONWebSignature, _ token: String, _ digest: CredentialDigest, _ network: String
    ) -> CredentialLookup {
        let name = signed.claims["iss"]?.string
        guard let issuer = issuers.first(where: { issuer in name.map { sameBytes($0, issuer.policy.issuer) } ?? false }) else {
            return .refused(CredentialRefusal(reason: "iss: not an issuer of bearer tokens here (RFC 9068 §4)"))
        }
        if case .inquiry = issuer.verification { return inquire(token, digest, network, [issuer]) }
        var facts = BearerFacts(token: signed, policy: issuer.policy, now: clock.now)
        if let refusal = facts.refusal(by: BearerCheck.form + BearerCheck.claims) { return .refused(refusal) }
        guard let algorithm = facts.algorithm else { return .refused(CredentialRefusal(reason: "alg")) }
        facts.key = issuer.directory.cachedKey(id: signed.keyID, algorithm: algorithm)
        // With the key at hand, the signature is less work than the way to the slow lane and back.
        if facts.key != nil {
            if let refusal = facts.refusal(by: BearerCheck.signature) { return .refused(refuse(digest, refusal)) }
            guard case .keysAndInquiry(let inquiry) = issuer.verification else {
                return .decided(admit(facts, digest, life: Self.maximumLife))
            }
            return .pending { [facts, self] in await inquireFurther(facts, token, digest, issuer, inquiry) }
        }
        return .pending { [facts, self] in await verify(facts, signed.keyID, algorithm, token, digest, issuer) }
    }

    /// The signature, where the key has to be fetched first.
    private func verify(
        _ facts: BearerFacts, _ keyID: String?, _ algorithm: SignatureAlgorithm, _ token: String, _ digest: CredentialDigest,
        _ issuer: BearerIssuer
    ) async -> CredentialOutcome {
        var facts = facts
        do throws(UpstreamFailure) {
            facts.key = try await issuer.directory.key(id: keyID, algorithm: algorithm)
        } catch {
            return .unavailable(detail: "issuer \(issuer.policy.issuer): \(error.detail)")
        }
        if let refusal = facts.refusal(by: BearerCheck.signature) { return .refused(refuse(digest, refusal)) }
        guard case .keysAndInquiry(let inquiry) = issuer.verification else {
            return admit(facts, digest, life: Self.maximumLife)
        }
        return await inquireFurther(facts, token, digest, issuer, inquiry)
    }

    /// What was found out of a token not long ago.
    func remembered(_ digest: CredentialDigest) -> CredentialOutcome? {
        let now = clock.now
        if let held = admitted.value(digest), now < held.goodUntil { return .admitted(held) }
        if let held = refused.value(digest), now < held.until { return .refused(held.refusal) }
        return nil
    }

    // What the inquiries (BearerInquiries.swift) end with, too.

    func admit(_ facts: BearerFacts, _ digest: CredentialDigest, life: Int64) -> CredentialOutcome {
        guard let identity = facts.identity else { return .refused(CredentialRefusal(reason: "user")) }
        let now = clock.now
        let expiry = facts.expiresAt ?? now.adding(life)
        let goodUntil = min(expiry, now.adding(life))
        let session = Session(
            key: SessionKey(digest: digest.bytes), identity: identity, scope: "", providerID: "bearer",
            providerSessionID: nil, authTime: facts.time("auth_time") ?? facts.time("iat") ?? now,
            authentication: SessionAuthentication(
                time: facts.time("auth_time"), acr: facts.text("acr"), amr: facts.claims["amr"]?.stringList ?? []),
            createdAt: now,
            lastUsedAt: now, expiresAt: expiry, idToken: nil, refreshToken: nil,
            grantedScopes: facts.text("scope").flatMap { Scope(parsing: $0) }?.values ?? [])
        let binding = TokenBinding(claims: facts.claims)
        let credential = AdmittedCredential(session: session, goodUntil: goodUntil, keyThumbprint: binding.thumbprint)
        admitted.insert(credential, for: digest, cost: credential.cost)
        return .admitted(credential)
    }

    /// RFC 9449 §4.3, and that each proof counts once (§11.1).
    func refusal(ofProof facts: ProofFacts) -> CredentialRefusal? {
        if let refusal = ProofCheck.firstRefusal(facts) { return refusal }
        guard let proof = facts.identifier else { return CredentialRefusal(.invalidProof, reason: "proof, jti: missing") }
        switch usedProofs.use(proof, now: facts.now) {
        case .new: return nil
        case .used: return CredentialRefusal(.invalidProof, reason: "proof, jti: used before (RFC 9449 §11.1)")
        case .full: return CredentialRefusal(.tooMany(retryAfter: 60), reason: "too many proofs to remember")
        }
    }

    @discardableResult
    func refuse(_ digest: CredentialDigest, _ refusal: CredentialRefusal) -> CredentialRefusal {
        refused.insert(RecentRefusal(refusal: refusal, until: clock.now.adding(Self.refusalLife)), for: digest)
        return refusal
    }
}
