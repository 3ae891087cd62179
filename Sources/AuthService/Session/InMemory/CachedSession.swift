import Accounts
import JOSE
import Synchronization

/// A session in memory, shared by all that look it up: what it is never changes, what is noted with it does.
///
/// What a check looks at comes first and stands together: of many sessions hardly one is in the processor's caches.
final class CachedSession: Sendable {
    /// What it is found by: the session's own key, or the digest of the cookie that it came out of.
    let key: SessionKey
    private let lastUsedAt: Atomic<Int64>
    let loadedAt: UnixTime
    /// The same by a clock that tells parts of a second; `nil` for one that has rested.
    let loaded: SteadyTime?
    private let permits: Mutex<[Permit]>
    private let hasEnded = Atomic(false)
    private let isReloading = Atomic(false)
    /// Whether it has become another than `rest` since it awoke.
    private let isChanged = Atomic(false)
    /// Whether the application must not see the `Authorization` field that this came from.
    let hidesCredential: Bool
    let session: Session
    /// The cookie that the session came out of, where cookies hold the sessions.
    let cookie: HeldCookie?
    /// What it awoke from.
    private let rest: RestingSession?

    /// That a rule lets this person in, and with what.
    private struct Permit {
        let rule: Int?
        let tenant: String?
        let until: UnixTime
        let grant: AcceptedGrant
        /// `nil` where it is not known any more.
        let content: GrantContent?
    }

    /// Rules under which one person is known at a time; beyond that the oldest is worked out again.
    private static let maximumPermits = 8

    convenience init(_ session: Session, loadedAt: UnixTime, _ loaded: SteadyTime? = .now) {
        self.init(session, key: session.key, cookie: nil, loadedAt: loadedAt, loaded)
    }

    /// One that rested.
    convenience init(_ session: Session, loadedAt: UnixTime, rest: RestingSession, permits: [RestingPermit]) {
        self.init(
            session, key: session.key, cookie: nil, loadedAt: loadedAt, nil,
            hidesCredential: false, rest: rest, permits: permits)
    }

    convenience init(
        _ session: Session, key: SessionKey, cookie: HeldCookie?, loadedAt: UnixTime, _ loaded: SteadyTime? = .now,
        hidesCredential: Bool = false
    ) {
        self.init(
            session, key: key, cookie: cookie, loadedAt: loadedAt, loaded, hidesCredential: hidesCredential, rest: nil,
            permits: [])
    }

    private init(
        _ session: Session, key: SessionKey, cookie: HeldCookie?, loadedAt: UnixTime, _ loaded: SteadyTime?,
        hidesCredential: Bool, rest: RestingSession?, permits: [RestingPermit]
    ) {
        self.session = session
        self.key = key
        self.cookie = cookie
        self.hidesCredential = hidesCredential
        self.loadedAt = loadedAt
        self.loaded = loaded
        self.rest = rest
        self.permits = Mutex(
            permits.map { Permit(rule: $0.rule, tenant: $0.tenant, until: $0.until, grant: $0.grant, content: nil) })
        lastUsedAt = Atomic(session.lastUsedAt.seconds)
    }

    /// What a rule grants, if that has been found out before and still holds.
    func grant(_ question: GrantQuestion, now: UnixTime) -> AcceptedGrant? {
        permits.withLock { permits in
            // By their places: a copy of a permit would have more references to count than all else that is done here.
            for place in permits.indices
            where permits[place].rule == question.rule && permits[place].tenant == question.tenant
                && permits[place].grant.serves(question.form)
            {
                return now < permits[place].until ? permits[place].grant : nil
            }
            return nil
        }
    }

    /// What some other rule with the same content grants: it is the same for all of them, and lasts as long.
    func grant(of content: GrantContent, now: UnixTime) -> (grant: AcceptedGrant, until: UnixTime)? {
        permits.withLock { permits in
            permits.first { now < $0.until && $0.content == content }.map { ($0.grant, $0.until) }
        }
    }

    /// Under a rule that asks a cluster only what is granted is kept, not that it is: that holds for other requests no longer.
    func keep(_ grant: AcceptedGrant, rule: CompiledRule, tenant: String?, until: UnixTime) {
        let number = rule.asksCluster ? nil : rule.index
        let tenant = rule.asksCluster ? nil : tenant
        permits.withLock { permits in
            permits.removeAll {
                $0.rule == number && $0.tenant == tenant && (number != nil || $0.content == rule.rule.grantContent)
            }
            if permits.count >= Self.maximumPermits { permits.removeFirst() }
            permits.append(
                Permit(rule: number, tenant: tenant, until: until, grant: grant, content: rule.rule.grantContent))
        }
        isChanged.store(true, ordering: .relaxed)
    }

    /// Takes over what is known of an entry for the same session; what was found out with it only where the content is the same.
    func continueFrom(_ older: CachedSession) {
        noteUse(at: older.usedAt)
        guard older.session.version == session.version else { return }
        let known = older.permits.withLock { $0 }
        permits.withLock { $0 = known }
    }

    /// Whether it can be made anew from what a `RestingSession` holds.
    var mayRest: Bool { cookie == nil && !hidesCredential }

    /// The same at rest.
    func resting(_ texts: inout KnownTexts, _ patterns: inout ReplyPatterns) -> RestingSession {
        if let rest, !isChanged.load(ordering: .relaxed) { return rest }
        return RestingSession(self, &texts, &patterns)
    }

    /// What is worth to be kept while it rests.
    var restingPermits: [RestingPermit] {
        permits.withLock { permits in
            permits.compactMap { permit in
                permit.rule.map {
                    RestingPermit(rule: $0, tenant: permit.tenant, until: permit.until, grant: permit.grant)
                }
            }
        }
    }

    /// `false` from the moment on that the session is ended or revoked.
    var isLive: Bool { !hasEnded.load(ordering: .acquiring) }

    func end() { hasEnded.store(true, ordering: .releasing) }

    var usedAt: UnixTime { UnixTime(seconds: lastUsedAt.load(ordering: .relaxed)) }

    /// Notes a use that is known of elsewhere.
    func noteUse(at moment: UnixTime) {
        lastUsedAt.max(moment.seconds, ordering: .relaxed)
        isChanged.store(true, ordering: .relaxed)
    }

    /// Notes the use; `true` for the one who is to write it down, at most once in `interval` seconds.
    func claimUse(at now: UnixTime, interval: Int64) -> Bool {
        let last = lastUsedAt.load(ordering: .relaxed)
        guard now.since(UnixTime(seconds: last)) >= interval else { return false }
        isChanged.store(true, ordering: .relaxed)
        return lastUsedAt.compareExchange(expected: last, desired: now.seconds, ordering: .relaxed).exchanged
    }

    /// `true` for the one who is to read it from the store again.
    func claimReload() -> Bool { !isReloading.exchange(true, ordering: .relaxed) }

    /// What every session takes that is granted something, in bytes.
    static let usualSize = 4096

    /// About how many bytes this takes in memory, with claims and tokens.
    var size: Int {
        Self.usualSize + session.identity.claims.members.reduce(0) { $0 + $1.name.utf8.count + Self.size($1.value) }
            + (session.idToken?.bytes.count ?? 0) + (session.refreshToken?.bytes.count ?? 0)
            + (session.accessToken?.bytes.count ?? 0)
    }

    private static func size(_ value: JSONValue) -> Int {
        switch value {
        case .string(let text): 16 + text.utf8.count
        case .array(let elements): elements.reduce(32) { $0 + size($1) }
        case .object(let object): object.members.reduce(32) { $0 + $1.name.utf8.count + size($1.value) }
        default: 16
        }
    }
}
