import JOSE
import Testing

struct RFC3339Tests {
    static let moments: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (951_868_800, "2000-03-01T00:00:00Z"), (1_735_689_599, "2024-12-31T23:59:59Z"), (1_735_689_600, "2025-01-01T00:00:00Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"), (.max, "9999-12-31T23:59:59Z"),
        (.min, "1970-01-01T00:00:00Z"),
    ]

    @Test(arguments: moments) func writesMoments(_ entry: (seconds: Int64, text: String)) {
        #expect(UnixTime(seconds: entry.seconds).rfc3339 == entry.text)
    }
}
