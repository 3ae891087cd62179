import Instruments
import Testing

struct MeterTests {
    @Test func talliesAddUp() {
        let tallies = Tallies(count: 2)
        tallies.add(2, at: 1)
        tallies.add(3, at: 1)
        #expect(tallies[0] == 0 && tallies[1] == 5)
    }

    @Test(arguments: [-1, 2, .max, .min]) func whatIsOutOfRangeIsLeftOut(index: Int) {
        let tallies = Tallies(count: 2)
        tallies.add(1, at: index)
        #expect(tallies[index] == 0 && tallies[0] == 0 && tallies[1] == 0)
    }

    @Test(arguments: [(0, 0), (5_000, 0), (5_001, 1), (10_000_000_000, 12), (10_000_000_001, 13), (.max, 13)] as [(UInt64, Int)])
    func aDurationFallsIntoItsBucket(nanoseconds: UInt64, bucket: Int) {
        #expect(DurationBounds.checks.bucket(nanoseconds) == bucket)
    }

    @Test func bucketsOfAHistogramAreCumulative() throws {
        let meter = DurationMeter("d_seconds", "How long.", labels: ["what"])
        meter.note(.milliseconds(3), "a")
        meter.note(.seconds(100), "a")
        let samples = meter.family.samples
        func value(_ suffix: String, le: String? = nil) -> Double? {
            samples.first { $0.suffix == suffix && (le == nil || $0.labels.last?.value == le) }?.value
        }
        #expect(value("_bucket", le: "0.0025") == 0)
        #expect(value("_bucket", le: "0.005") == 1)
        #expect(value("_bucket", le: "+Inf") == 2)
        #expect(value("_count") == 2)
        #expect(value("_sum") == 100.003)
    }

    @Test func eventsAreCountedByTheirLabels() {
        let counter = EventCounter("e_total", "Events.", labels: ["kind"])
        counter.add("b")
        counter.add("a")
        counter.add("b")
        #expect(counter.family.samples.map(\.value) == [1, 2])
        #expect(counter.family.samples.map { $0.labels.first?.value } == ["a", "b"])
    }

    /// Labels come from the configuration; should a value of a request ever get here, memory does not grow by it.
    @Test func labelsAreBounded() {
        let counter = EventCounter("e_total", "Events.", labels: ["kind"])
        let meter = DurationMeter("d_seconds", "How long.", labels: ["kind"])
        for number in 0..<2000 {
            counter.add("\(number)")
            meter.note(.seconds(1), "\(number)")
        }
        #expect(counter.family.samples.count == 1000)
        #expect(meter.family.samples.count == 1000 * 17)
    }
}
