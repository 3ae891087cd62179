import Doctor
import JOSE
import Testing

struct ClockCheckTests {
    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", Int64(784_111_777)), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200),
    ])
    func aDateIsRead(text: String, seconds: Int64) {
        #expect(HTTPDateText.parse(text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Now 1994 08:49:37 GMT",
        "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 99999999999 08:49:37 GMT",
    ])
    func whatIsNoDateIsNone(text: String) {
        #expect(HTTPDateText.parse(text) == nil)
    }

    @Test(arguments: [
        // Cut to seconds, and what it took to ask, are no difference.
        (Int64(1000), Int64(1000), Int64(1000), Int64(0)), (999, 1000, 1002, 0), (1002, 1000, 1003, 0),
        (1100, 1000, 1001, 99), (900, 1000, 1001, -100), (998, 1000, 1000, -2),
    ])
    func theLeadIsWhatIsCertain(date: Int64, asked: Int64, answered: Int64, lead: Int64) {
        let moments = [date, asked, answered].map { UnixTime(seconds: $0) }
        #expect(ClockCheck.lead(moments[0], asked: moments[1], answered: moments[2]) == lead)
    }

    @Test(arguments: [
        (Int64(0), "ok"), (20, "ok"), (-20, "ok"), (45, "warning"), (-45, "warning"), (61, "failure"), (-3600, "failure"),
    ])
    func moreThanIsToleratedFails(lead: Int64, word: String) {
        #expect(ClockCheck.finding("provider corp", lead, tolerance: 60, areAllOff: false).outcome.word == word)
    }

    @Test func itIsOursWhereAllServersSaySo() {
        let mend = ClockCheck.finding("provider corp", 3600, tolerance: 60, areAllOff: true).outcome.mend
        #expect(mend?.contains("this machine's clock: every server says so") == true)
    }
}
