import AuthService
import Testing
import Web

struct OwnCookiesTests {
    @Test(arguments: [
        ("a=1; b=2", nil), ("", nil), ("gatehouse=x", ""), ("__Host-gatehouse=x", ""), ("__Secure-gatehouse=x", ""),
        ("gatehouse=x; a=1", "a=1"), ("a=1; gatehouse=x", "a=1"), ("a=1; gatehouse=x; b=2", "a=1; b=2"),
        ("a=1;gatehouse=x;b=2", "a=1;b=2"), ("gatehouse=x; gatehouse=y; a=\"q r\"", "a=\"q r\""),
        ("gatehouse-sign-in=x; gatehouse-0=y; gatehouse-1=z", ""), ("__Host-gatehouse-sign-in=x; a=1", "a=1"),
        ("gatehouses=1; mygatehouse=2; Gatehouse=3", nil), ("gatehouse =x; a=1", "a=1"), ("gatehouse", ""),
        (" ; gatehouse=x; ", ""),
        ("a=\"1; gatehouse=x\"; b=2", "a=\"1; b=2"), ("gatehouse=x;; a=1", " a=1".trimmed), ("a=é; gatehouse=x", "a=é"),
        ("a=gatehouse; b=gatehouse=x", nil), ("a=1\t;\tgatehouse=x", "a=1\t"),
        // Several lines that a gateway has joined.
        ("a=1,gatehouse=x,b=2", "a=1,b=2"), ("a=1, gatehouse=x", "a=1"), ("gatehouse=x,gatehouse-sign-in=y", ""),
        ("a=1,b=2; gatehouse=x", "a=1,b=2"), ("a=1; gatehouse=x,b=2", "a=1;b=2"), ("a=1,gatehouse=x; b=2", "a=1; b=2"),
        ("a=1,gatehouse", nil), ("a=1,2; gatehouse=x; b=,", "a=1,2; b=,"),
    ])
    func onlyOursAreTaken(header: String, others: String?) {
        let remainder = OwnCookies(name: "gatehouse").remainder(of: Array(header.utf8).span)
        switch others {
        case nil: #expect(remainder == .untouched)
        case "": #expect(remainder == .none)
        case let text?: #expect(remainder == .others(Array(text.utf8)))
        }
    }

    @Test(arguments: [
        ("gatehouse_login=x; a=1", "a=1"), ("__Host-gatehouse_login=x; gatehouse=y", ""), ("__Secure-gatehouse_sso=x", ""),
        ("a=1; gatehouse_sso_state=x", "a=1"), ("gatehouse_sso =x; gatehouse_login", ""),
        ("gatehouse_login-1=x; gatehouse_logins=y; gatehouse_sso_states=z; a=gatehouse_sso", nil),
    ])
    func thoseOfTheEmbeddedProviderAreTakenToo(header: String, others: String?) {
        let ours = OwnCookies(name: "gatehouse", providers: ["gatehouse_login", "gatehouse_sso", "gatehouse_sso_state"])
        let remainder = ours.remainder(of: Array(header.utf8).span)
        switch others {
        case nil: #expect(remainder == .untouched)
        case "": #expect(remainder == .none)
        case let text?: #expect(remainder == .others(Array(text.utf8)))
        }
    }

    @Test func aProviderElsewhereKeepsItsCookies() {
        #expect(OwnCookies(name: "gatehouse").remainder(of: Array("gatehouse_login=x".utf8).span) == .untouched)
    }

    @Test(arguments: [
        (["gatehouse=x", "a=1"], "a=1"), (["a=1", "gatehouse=x"], "a=1"), (["a=1", "gatehouse=x", "b=2"], "a=1; b=2"),
        (["gatehouse=x", "gatehouse-sign-in=y"], ""), (["a=1", "b=2"], nil),
    ])
    func severalLinesAreOneHeader(lines: [String], others: String?) {
        let headers = HeaderList(lines.map { (name: "cookie", value: $0) })
        let message = RequestMessage(
            WebRequest(method: "GET", scheme: "https", authority: "app.example.com", target: "/", headers: headers))
        let remainder = OwnCookies(name: "gatehouse").remainder(of: message)
        switch others {
        case nil: #expect(remainder == .untouched)
        case "": #expect(remainder == .none)
        case let text?: #expect(remainder == .others(Array(text.utf8)))
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
