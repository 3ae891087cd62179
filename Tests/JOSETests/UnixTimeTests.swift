import JOSE
import Testing

struct UnixTimeTests {
    @Test(arguments: [(Int64.max, 1 as Int64, Int64.max), (.min, -1, .min), (0, .max, .max), (5, -3, 2)])
    func additionSaturates(start: Int64, seconds: Int64, end: Int64) {
        #expect(UnixTime(seconds: start).adding(seconds).seconds == end)
    }

    @Test(arguments: [(Int64.max, Int64.min, Int64.max), (.min, .max, .min), (5, 3, 2)])
    func differenceSaturates(later: Int64, earlier: Int64, difference: Int64) {
        #expect(UnixTime(seconds: later).since(UnixTime(seconds: earlier)) == difference)
    }
}
