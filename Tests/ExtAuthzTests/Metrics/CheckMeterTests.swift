import AuthService
import ExtAuthz
import Instruments
import NIOCore
import NIOPosix
import Testing
import Web

struct CheckMeterTests {
    private static let loop = MultiThreadedEventLoopGroup.singleton.any()

    private static func decision(_ kind: Rejection.Kind, from source: DecisionSource) -> Decision {
        var rejection = Rejection(kind: kind, response: WebResponse(status: 403))
        rejection.source = source
        return .reject(rejection)
    }

    private static func decisions(_ meter: CheckMeter) -> [String: Double] {
        let family = meter.families.first { $0.name == "gatehouse_decisions_total" }
        return Dictionary(
            uniqueKeysWithValues: family?.samples.map { sample in
                (sample.labels.map(\.value).joined(separator: " "), sample.value)
            } ?? [])
    }

    @Test(arguments: [
        (Rejection.Kind.forbidden, DecisionSource.rule(1), "forbidden rules[1]"), (.unavailable, .none, "unavailable none"),
        (.unauthenticated, .defaultRule, "unauthenticated default"), (.invalidRequest, .ownEndpoints, "invalid own endpoints"),
        (.forbidden, .provider, "forbidden provider"), (.forbidden, .rule(3), "forbidden rules[3…]"),
        (.forbidden, .rule(.max), "forbidden rules[3…]"), (.forbidden, .rule(-1), "forbidden rules[0]"),
    ])
    func aDecisionIsCountedByOutcomeAndSource(kind: Rejection.Kind, source: DecisionSource, label: String) {
        let meter = CheckMeter(rules: 3)
        meter.tally(of: Self.loop).note(Self.decision(kind, from: source), .nginx, since: .now())
        #expect(Self.decisions(meter) == [label: 1])
    }

    @Test func rulesBeyondAThousandAreCountedTogether() {
        let meter = CheckMeter(rules: 5000)
        for rule in [1000, 4999] {
            meter.tally(of: Self.loop).note(Self.decision(.forbidden, from: .rule(rule)), .caddy, since: .now())
        }
        #expect(Self.decisions(meter) == ["forbidden rules[1000…]": 2])
    }

    @Test func aLoopHasOneTally() {
        let meter = CheckMeter(rules: 0)
        #expect(meter.tally(of: Self.loop) === meter.tally(of: Self.loop))
    }

    @Test func aDurationIsCountedForItsGateway() throws {
        let meter = CheckMeter(rules: 0)
        meter.tally(of: Self.loop).note(.accept(Accepted()), .traefik, since: .now() - .milliseconds(2))
        let family = try #require(meter.families.first { $0.name == "gatehouse_check_duration_seconds" })
        #expect(family.samples.allSatisfy { $0.labels.first?.value == "traefik" })
        #expect(family.samples.first { $0.labels.last?.value == "0.001" }?.value == 0)
        #expect(family.samples.first { $0.suffix == "_count" }?.value == 1)
    }

    private static func durations(_ meter: CheckMeter, _ suffix: String) -> Double? {
        meter.families.first { $0.name == "gatehouse_check_duration_seconds" }?.samples.first { $0.suffix == suffix }?.value
    }

    @Test func ofChecksDecidedAtOnceOneInSixtyFourIsTimedAndStandsForTheOthers() {
        let meter = CheckMeter(rules: 0)
        let tally = meter.tally(of: Self.loop)
        let timed = (0..<130).filter { _ in
            let began = tally.beginning(of: .nginx)
            tally.note(.accept(Accepted()), .nginx, since: began.map { $0 - .seconds(1) })
            return began != nil
        }
        #expect(timed == [0, 64, 128])
        #expect(Self.durations(meter, "_count") == 130)
        #expect((130..<160).contains(Self.durations(meter, "_sum") ?? 0))
    }

    @Test func checksThatWaitAreTimedOneByOneAndStandForNoOthers() {
        let meter = CheckMeter(rules: 0)
        let tally = meter.tally(of: Self.loop)
        for seconds in 1...3 { tally.noteWaited(.accept(Accepted()), .caddy, since: .now() - .seconds(Int64(seconds))) }
        #expect(tally.beginning(of: .caddy) != nil)
        #expect(Self.durations(meter, "_count") == 3)
        #expect((6..<7).contains(Self.durations(meter, "_sum") ?? 0))
    }

    @Test func aGatewaysTimesAreItsOwn() {
        let tally = CheckMeter(rules: 0).tally(of: Self.loop)
        tally.note(.accept(Accepted()), .nginx, since: .now())
        #expect(tally.beginning(of: .nginx) == nil && tally.beginning(of: .envoyGRPC) != nil)
    }

    /// Both listeners, with a meter: what a gateway asks is counted on its connection's loop.
    @Test func checksOverBothProtocolsAreCounted() async throws {
        let meter = CheckMeter(rules: 0)
        try await TestListeners.run(StubAuthorizer(.allow), meter: meter) { listeners in
            _ = try await RawHTTP1Client(port: listeners.httpPort)
                .exchange("GET /envoy/x HTTP/1.1\nHost: app.example\nConnection: close\n\n")
        }
        #expect(Self.decisions(meter)["accepted none"] == 1)
        let received = meter.families.first { $0.name == "gatehouse_check_received_bytes_total" }
        #expect(try #require(received?.samples.first { $0.labels.first?.value == "http" }).value > 40)
    }
}
