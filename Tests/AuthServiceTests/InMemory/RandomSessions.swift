import Accounts
import JOSE

@testable import AuthService

/// Sessions of every shape.
struct RandomSessions {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    mutating func byte() -> UInt8 { UInt8.random(in: 0...255, using: &generator) }

    private mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &generator) == 0 }

    mutating func number() -> Int64 {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: [0, 1, -1, .max, .min, 63, 64, -64, -65].randomElement(using: &generator) ?? 0
        case 1: Int64.random(in: .min ... .max, using: &generator)
        default: Int64.random(in: 0...100_000, using: &generator)
        }
    }

    mutating func moment() -> UnixTime { oneIn(10) ? UnixTime(seconds: number()) : nearMoment() }

    /// As clocks show it.
    mutating func nearMoment() -> UnixTime {
        UnixTime(seconds: 1_800_000_000 + Int64.random(in: -100_000...100_000, using: &generator))
    }

    private mutating func text() -> String {
        let some = ["", "a", "team-a", "someone@example.com", "\u{E9}", "e\u{301}", "\u{1F600}", "\0", "a\"b\\c\n", "  "]
        return oneIn(8)
            ? String(repeating: "x", count: Int.random(in: 0..<700, using: &generator))
            : some.randomElement(using: &generator) ?? ""
    }

    private mutating func maybe<Value>(_ make: (inout RandomSessions) -> Value) -> Value? { oneIn(3) ? nil : make(&self) }

    private mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 3 ? 6 : 8), using: &generator) {
        case 0: .null
        case 1: .bool(oneIn(2))
        case 2: .integer(number())
        case 3: .number([0.5, -0.0, 1e300, .leastNonzeroMagnitude].randomElement(using: &generator) ?? 0)
        case 4, 5: .string(text())
        case 6: .array((0..<Int.random(in: 0..<5, using: &generator)).map { _ in value(depth: depth + 1) })
        default: .object(object(depth: depth + 1))
        }
    }

    private mutating func object(depth: Int = 0) -> JSONObject {
        JSONObject((0..<Int.random(in: 0..<6, using: &generator)).map { _ in (name: text(), value: value(depth: depth)) })
    }

    private mutating func secret() -> Secret { Secret((0..<Int.random(in: 0..<900, using: &generator)).map { _ in byte() }) }

    private mutating func texts() -> [String] { (0..<Int.random(in: 0..<4, using: &generator)).map { _ in text() } }

    /// Without a device, which memory does not hold.
    mutating func session(groups: [String]? = nil) -> Session {
        var claims = object()
        if let groups { claims["groups"] = .strings(groups) }
        return Session(
            key: SessionKey(digest: (0..<32).map { _ in byte() }), version: number(),
            identity: Identity(issuer: text(), subject: text(), claims: claims), scope: text(), providerID: text(),
            providerSessionID: maybe { $0.text() }, authTime: moment(),
            authentication: SessionAuthentication(time: maybe { $0.moment() }, acr: maybe { $0.text() }, amr: texts()),
            createdAt: moment(), lastUsedAt: nearMoment(), expiresAt: moment(), idToken: maybe { $0.secret() },
            refreshToken: maybe { $0.secret() }, accessToken: maybe { $0.secret() }, grantedScopes: texts(),
            refresh: RefreshState(
                dueAt: maybe { $0.moment() }, claimedUntil: maybe { $0.moment() }, failingSince: maybe { $0.moment() }),
            device: SessionDevice())
    }

    /// Grants as a dialect has written them, mostly like each other; all for HTTP, some for gRPC as well.
    mutating func permits() -> [RestingPermit] {
        (0..<Int.random(in: 0..<8, using: &generator)).map { _ in
            RestingPermit(
                rule: Int.random(in: -1..<10_000, using: &generator), tenant: maybe { $0.text() }, until: moment(),
                grant: grant())
        }
    }

    mutating func grant() -> AcceptedGrant {
        var written: [GrantForm: WrittenGrant] = [.http: WrittenGrant(headers: reply(), isSound: true)]
        if oneIn(3) { written[.grpc] = WrittenGrant(headers: reply(), metadata: reply(), isSound: true) }
        return AcceptedGrant(written, names: GrantNames.of(set: oneIn(2) ? [] : [.init(name: "x-a", value: "")], removed: []))
    }

    private mutating func reply() -> [UInt8] {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: []
        case 1: (0..<Int.random(in: 0..<2000, using: &generator)).map { _ in byte() }
        case 2: Array("eyJ.eyJ..eyJhbGciOiJFUzI1NiJ9.e30.".utf8)
        case 3: Array(repeating: 0x61, count: Int.random(in: 0..<5000, using: &generator))
        default:
            Array("HTTP/1.1 200 OK\r\nx-assertion: eyJhbGciOiJFUzI1NiJ9.".utf8)
                + Array(Base64URL.encode(value().jsonBytes + Array(text().utf8)).utf8) + Array(".".utf8)
                + Array(Base64URL.encode((0..<64).map { _ in byte() }).utf8) + Array("\r\nx-user: \(text())\r\n".utf8)
        }
    }
}
