import Operations
import Testing

struct HealthTests {
    private func response(_ path: String, _ checks: [Readiness.Check], limit: Duration = .seconds(60)) async
        -> HealthEndpoints.Response?
    {
        await HealthEndpoints(readiness: Readiness(checks, limit: limit)).response(path: path)
    }

    private static let well = Readiness.Check("store") { .ok }
    private static let broken = Readiness.Check("keys") { .failed(reason: "no \"key\"") }
    /// Ends only when it is cancelled.
    private static let stuck = Readiness.Check("provider") {
        try? await Task.sleep(for: .seconds(3600))
        return .ok
    }

    @Test func processIsAliveWhateverTheChecksSay() async {
        let response = await response("/livez", [Self.broken])
        #expect(response == .init(status: 200, json: #"{"status":"ok"}"#))
    }

    @Test func readyWhenEveryCheckIsWell() async {
        let response = await response("/readyz", [Self.well])
        #expect(response == .init(status: 200, json: #"{"status":"ok","checks":{"store":"ok"}}"#))
    }

    @Test func whatWasFoundIsTold() async {
        let checks = [Readiness.Check("keys") { .found(detail: "provider: 2") }, Self.well]
        let json = #"{"status":"ok","checks":{"keys":"ok","store":"ok"},"detail":{"keys":"provider: 2"}}"#
        #expect(await response("/readyz", checks) == .init(status: 200, json: json))
    }

    @Test func oneFailureIsNamed() async {
        let response = await response("/readyz", [Self.well, Self.broken])
        let json = #"{"status":"unavailable","checks":{"store":"ok","keys":"failed: no \"key\""}}"#
        #expect(response == .init(status: 503, json: json))
    }

    @Test func checkThatDoesNotAnswerFails() async {
        let response = await response("/readyz", [Self.stuck, Self.well], limit: .milliseconds(1))
        #expect(response?.status == 503)
        #expect(response?.json.contains(#""provider":"failed: no answer within"#) == true)
    }

    @Test(arguments: ["/", "/livez/", "/metrics", ""]) func otherPathsAreNotAnswered(path: String) async {
        #expect(await response(path, [Self.well]) == nil)
    }
}
