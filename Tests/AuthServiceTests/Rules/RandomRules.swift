import AuthService
import Web

/// Rule sets and requests by chance, the same for the same seed: of few names, so that they meet.
struct RandomRules {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    mutating func rules(_ count: Int) -> [Rule] { (0..<count).map { _ in rule() } }

    private mutating func rule() -> Rule {
        let methods = Int.random(in: 0..<3, using: &generator) == 0 ? some(["GET", "POST", "PUT"], upTo: 2) : []
        let conditional = Int.random(in: 0..<4, using: &generator) == 0
        return Rule(
            hosts: (0..<Int.random(in: 0..<3, using: &generator)).map { _ in host() },
            paths: (0..<Int.random(in: 0..<4, using: &generator)).map { _ in pattern() }, methods: methods,
            conditions: conditional ? [.headers([header()])] : [], permission: .signedIn)
    }

    private mutating func host() -> HostPattern {
        let name = hostName()
        return Bool.random(using: &generator) ? .exact(name) : .below(suffix: "." + name)
    }

    private mutating func hostName() -> String {
        some(["a", "b", "www"], upTo: 3, atLeast: 1).joined(separator: ".")
    }

    private mutating func pattern() -> PathPattern {
        let names = some(["x", "y", "z.css", "long-segment"], upTo: 4)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return .exact(Array(("/" + names.joined(separator: "/") + slash(names)).utf8))
        case 1: return .below(prefix: Array((["/"] + names.map { $0 + "/" }).joined().utf8))
        default: return glob(names)
        }
    }

    private mutating func glob(_ names: [String]) -> PathPattern {
        var segments: [PathPattern.Segment] = []
        for name in names {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: segments.append(.one(suffix: Array((Bool.random(using: &generator) ? ".css" : "").utf8)))
            case 1 where !segments.contains(.anySegments): segments.append(.anySegments)
            default: segments.append(.literal(Array(name.utf8)))
            }
        }
        let isBelow = Bool.random(using: &generator)
        if segments.isEmpty || segments.last == .anySegments { segments.append(.literal(Array("x".utf8))) }
        return .glob(segments, isBelow: isBelow)
    }

    private mutating func header() -> HeaderCondition {
        let value = TextPattern(["1", "2", "1*", "*,*"].randomElement(using: &generator) ?? "")
        let requirements: [HeaderCondition.Requirement] = [.present, .absent, .oneOf([value])]
        return HeaderCondition(name: "x-v", requirement: requirements.randomElement(using: &generator) ?? .present)
    }

    /// A request whose target is a path.
    mutating func request() -> WebRequest {
        let names = some(["x", "y", "z.css", "long-segment", "other"], upTo: 5)
        var headers = HeaderList()
        for value in some(["1", "2", "12"], upTo: 2) { headers.add("x-v", value) }
        let method = ["GET", "POST", "PUT", "DELETE"].randomElement(using: &generator) ?? ""
        return WebRequest(
            method: method, scheme: "https", authority: hostName(), target: "/" + names.joined(separator: "/") + slash(names),
            headers: headers)
    }

    private mutating func slash(_ names: [String]) -> String {
        !names.isEmpty && Int.random(in: 0..<4, using: &generator) == 0 ? "/" : ""
    }

    private mutating func some(_ names: [String], upTo most: Int, atLeast least: Int = 0) -> [String] {
        (0..<Int.random(in: least...most, using: &generator)).map { _ in names.randomElement(using: &generator) ?? "" }
    }
}

/// SplitMix64: small, and the same everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
