import Instruments
import Testing

struct MetricsTextTests {
    @Test func aCounterHasHelpTypeAndLabels() {
        let family = MetricFamily("x_total", .counter, "How many.", [.init(3, [("a", "1"), ("b", "2")])])
        #expect(MetricsText.write([family]) == "# HELP x_total How many.\n# TYPE x_total counter\nx_total{a=\"1\",b=\"2\"} 3\n")
    }

    @Test func aFamilyWithoutSamplesIsLeftOut() {
        #expect(MetricsText.write([MetricFamily("x", .gauge, "None.")]).isEmpty)
    }

    @Test(arguments: [
        ("a\"b", #"a\"b"#), ("a\\b", #"a\\b"#), ("a\nb", #"a\nb"#), ("a\r\nx 1", #"a\nx 1"#), ("ä{}", "ä{}"),
    ])
    func noLabelEndsItsLine(value: String, written: String) {
        let text = MetricsText.write([MetricFamily("x", .gauge, "Help.", [.init(1, [("l", value)])])])
        #expect(text.hasSuffix("\nx{l=\"\(written)\"} 1\n"))
    }

    @Test(arguments: [(0.25, "0.25"), (1e15, "1000000000000000"), (5e-6, "5e-06")])
    func numbersAreWrittenAsPrometheusReadsThem(value: Double, written: String) {
        #expect(MetricsText.write([MetricFamily("x", .gauge, "Help.", [.init(value)])]).hasSuffix("\nx \(written)\n"))
    }
}
