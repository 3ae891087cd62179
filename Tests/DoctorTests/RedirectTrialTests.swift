import Doctor
import Testing

/// What providers answer, as far as those that are known do.
struct RedirectTrialTests {
    typealias Answer = RedirectTrial.Answer
    static let uri = "https://apps.example.com/_gatehouse/callback"

    private func verdict(_ answer: Answer?, _ control: Answer?) -> RedirectTrial.Verdict {
        RedirectTrial(uri: Self.uri, answer: answer, control: control).verdict
    }

    static let refusal = Answer(status: 400, complaint: "<p>invalid parameter: redirect_uri</p>")
    static let login = Answer(status: 302, location: "https://sso.example.com/login?x=1")

    @Test(arguments: [
        (Answer(status: 302, location: uri + "?error=login_required&state=1"), refusal, RedirectTrial.Verdict.registered),
        (Answer(status: 302, location: uri + "?error=unauthorized_client"), refusal, .unknownClient),
        (Answer(status: 302, location: uri + "?error=invalid_scope"), refusal, .refused(error: "invalid_scope")),
        (
            Answer(status: 302, location: uri + "?code=1"), Answer(status: 302, location: uri + RedirectTrial.strange),
            .anythingGoes
        ),
        (refusal, refusal, .notRegistered),
        (Answer(status: 400, complaint: "aadsts50011: the reply url …"), refusal, .notRegistered),
        (Answer(status: 400, complaint: "{\"error\":\"invalid_client\"}"), refusal, .unknownClient),
        (login, refusal, .registered),
        (login, Answer(status: 302, location: "https://sso.example.com/error?y=2"), .registered),
    ])
    func anAnswerIsRead(answer: Answer, control: Answer, verdict: RedirectTrial.Verdict) {
        #expect(self.verdict(answer, control) == verdict)
    }

    @Test(
        arguments: [
            (login, Answer(status: 302, location: "https://sso.example.com/login?x=2")),
            (Answer(status: 200), Answer(status: 200)), (Answer(status: 500), Answer(status: 500)), (nil, nil), (login, nil),
        ] as [(Answer?, Answer?)])
    func whatSaysNothingIsNotTakenForAnAnswer(answer: Answer?, control: Answer?) {
        guard case .untold = verdict(answer, control) else {
            Issue.record("\(verdict(answer, control))")
            return
        }
    }

    @Test func aLongerPathIsAnother() {
        let elsewhere = Answer(status: 302, location: Self.uri + ".example.net/?error=login_required")
        #expect(
            verdict(elsewhere, elsewhere)
                == .untold(reason: "the authorization endpoint answers the same whatever the redirect URI is"))
    }
}
