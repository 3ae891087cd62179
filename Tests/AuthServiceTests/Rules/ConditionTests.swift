import AuthService
import JOSE
import Testing
import Web

struct ConditionTests {
    private func holds(_ condition: RuleCondition, _ request: WebRequest, at seconds: Int64 = 0) -> Bool {
        let rules = RuleSet(
            [Rule(conditions: [condition], permission: .anyone)], clock: WallClock { UnixTime(seconds: seconds) })
        let check = CheckRequest(http: request, gatewayCarriesPages: true)
        return rules.match(method: request.method, host: "a", path: [0x2F], of: check).index == 0
    }

    private func request(_ headers: HeaderList = [:], method: String = "GET", address: String = "") -> WebRequest {
        WebRequest(method: method, scheme: "https", authority: "a", target: "/", headers: headers, clientAddress: address)
    }

    @Test(
        arguments: [
            (.present, [], false), (.present, [""], true), (.absent, [], true), (.absent, [""], false),
            (.oneOf([TextPattern("a"), TextPattern("b*")]), ["a"], true),
            (.oneOf([TextPattern("a"), TextPattern("b*")]), ["bc"], true), (.oneOf([TextPattern("a")]), ["A"], false),
            (.oneOf([TextPattern("a")]), ["a", "b"], false), (.oneOf([TextPattern("a")]), ["b", "a"], false),
            (.oneOf([TextPattern("a,b")]), ["a", "b"], true), (.oneOf([TextPattern("*")]), [], false),
        ] as [(HeaderCondition.Requirement, [String], Bool)])
    func headers(requirement: HeaderCondition.Requirement, lines: [String], isHolding: Bool) {
        let condition = RuleCondition.headers([HeaderCondition(name: "X-Test", requirement: requirement)])
        #expect(holds(condition, request(HeaderList(lines.map { (name: "x-test", value: $0) }))) == isHolding)
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("11.1.2.3", false), ("::ffff:10.1.2.3", true), ("2001:db8::1", true), ("", false),
        ("localhost", false),
    ])
    func networks(address: String, isHolding: Bool) throws {
        let ranges = [try #require(AddressRange("10.0.0.0/8")), try #require(AddressRange("2001:db8::/32"))]
        #expect(holds(.networks(ranges, unknown: false), request(address: address)) == isHolding)
    }

    @Test func anUnknownAddressDoesNotEscapeARuleThatCloses() throws {
        let ranges = [try #require(AddressRange("10.0.0.0/8"))]
        #expect(holds(.networks(ranges, unknown: true), request(address: "unknown")))
    }

    /// Monday, 5 January 1970, 00:00 UTC.
    private static let monday: Int64 = 345_600

    /// Minutes from that Monday on.
    @Test(
        arguments: [
            (480, true), (479, false), (1079, true), (1080, false), (-900, false), (-9540, true), (6240, true), (7680, false),
        ] as [(Int64, Bool)])
    func hoursOfWork(minute: Int64, isHolding: Bool) {
        let window = TimeWindow(days: [1, 2, 3, 4, 5], from: 28800, to: 64800, offset: 0)
        #expect(holds(.times([window]), request(), at: Self.monday + minute * 60) == isHolding)
    }

    @Test(arguments: [Int64.min, .min + 1, -1, .max])
    func noMomentIsTooFarAway(moment: Int64) {
        let always = TimeWindow(days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 86400, offset: 50400)
        #expect(always.contains(UnixTime(seconds: moment)))
    }

    @Test(arguments: [(1380, true), (1740, true), (1860, false), (300, false), (2820, false)] as [(Int64, Bool)])
    func aNightBelongsToTheDayOnWhichItBegins(minute: Int64, isHolding: Bool) {
        let night = TimeWindow(days: [1], from: 79200, to: 21600, offset: 0)
        #expect(night.contains(UnixTime(seconds: Self.monday + minute * 60)) == isHolding)
    }

    @Test func zonesShiftTheDay() {
        let window = TimeWindow(days: [1], from: 0, to: 3600, offset: 7200)
        #expect(window.contains(UnixTime(seconds: Self.monday - 7200)))
        #expect(!window.contains(UnixTime(seconds: Self.monday)))
    }

    private static let preflight: HeaderList = ["origin": "https://x", "access-control-request-method": "PUT"]

    @Test(
        arguments: [
            ("OPTIONS", preflight, true), ("GET", preflight, false), ("OPTIONS", ["origin": "https://x"], false),
            ("OPTIONS", ["access-control-request-method": "PUT"], false),
            ("OPTIONS", ["origin": "https://x", "access-control-request-method": "DELETE"], false),
        ] as [(String, HeaderList, Bool)])
    func preflightPassesWhereARuleSaysSo(method: String, headers: HeaderList, passes: Bool) {
        let asked = HeaderCondition(name: "x-tenant", requirement: .present)
        let rules = RuleSet([
            Rule(
                paths: [.exact([0x2F])], methods: ["GET", "PUT"], conditions: [.headers([asked])], permission: .signedIn,
                allowsPreflight: true)
        ])
        let match = rules.match(method, "a", "/", headers: headers)
        if case .anyone = match.permission { #expect(passes) } else { #expect(!passes) }
        #expect(match.index == (passes ? 0 : -1))
    }
}
