import Accounts
import JOSE
import Testing

struct RateBoundTests {
    private func moment(_ seconds: Int64) -> UnixTime { UnixTime(seconds: seconds) }

    @Test func failuresUpToTheBurstAreFree() {
        let bound = RateBound(capacity: 10, burst: 3, perMinute: 60)
        for _ in 0..<2 { bound.count("a", now: moment(0)) }
        #expect(bound.secondsToWait("a", now: moment(0)) == nil)
        bound.count("a", now: moment(0))
        #expect(bound.secondsToWait("a", now: moment(0)) == 1)
        #expect(bound.secondsToWait("b", now: moment(0)) == nil)
    }

    @Test(arguments: [(1, 60), (6, 10), (60, 1)] as [(Int64, Int64)])
    func theyDrainAway(perMinute: Int64, wait: Int64) {
        let bound = RateBound(capacity: 10, burst: 1, perMinute: perMinute)
        bound.count("a", now: moment(0))
        #expect(bound.secondsToWait("a", now: moment(0)) == wait)
        #expect(bound.secondsToWait("a", now: moment(wait - 1)) != nil)
        #expect(bound.secondsToWait("a", now: moment(wait)) == nil)
    }

    @Test func ofManyAtOnceTheBurstGoesOn() {
        let bound = RateBound(capacity: 10, burst: 3, perMinute: 60)
        #expect((0..<10).map { _ in bound.take("a", now: moment(0)) } == [nil, nil, nil] + [Int64?](repeating: 1, count: 7))
    }

    @Test func whatIsGivenBackDoesNotCount() {
        let bound = RateBound(capacity: 10, burst: 2, perMinute: 1)
        for _ in 0..<50 {
            #expect(bound.take("a", now: moment(0)) == nil)
            bound.giveBack("a")
        }
    }

    @Test func whoeverWaitsAsLongAsToldIsWelcome() {
        let bound = RateBound(capacity: 10, burst: 1, perMinute: 7)
        #expect(bound.take("a", now: moment(0)) == nil)
        let wait = bound.take("a", now: moment(0))
        #expect(wait == 9)
        #expect(bound.take("a", now: moment(wait ?? 0)) == nil)
    }

    @Test func nobodyWaitsForEver() {
        let bound = RateBound(capacity: 10, burst: 5, perMinute: 60)
        for _ in 0..<1000 { bound.count("a", now: moment(0)) }
        #expect(bound.secondsToWait("a", now: moment(0)) == 2)
    }

    @Test func aClockThatGoesBackNeitherTrapsNorFrees() {
        let bound = RateBound(capacity: 10, burst: 1, perMinute: 60)
        bound.count("a", now: moment(.max))
        #expect(bound.secondsToWait("a", now: moment(.min)) == 1)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("2001:db8::1", "2001:db8:0:0"), ("::1", "0:0:0:0"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("", ""),
    ])
    func aNetworkIsAnAddressOrA64(address: String, network: String) {
        #expect(RateBound.network(of: address) == network)
    }
}
