import Testing
import Web

struct RequestCookiesTests {
    @Test(arguments: [
        (["a=1"], ["1"]),
        (["a=1; b=2; a=3"], ["1", "3"]),
        (["a=1", "b=2", "a=3"], ["1", "3"]),
        (["a=1;a=2;  a=3 "], ["1", "2", "3"]),
        (["b=2,a=1"], ["1"]),
        (["b=2, a=1; c=3,a=4"], ["1", "4"]),
        (["a=x,y,z; b=1"], ["x,y,z"]),
        (["a=x, y"], ["x, y"]),
        (["a=b=c=="], ["b=c=="]),
        (["a="], [""]),
        (["a =1"], ["1"]),
        (["a=\"q\""], ["\"q\""]),
        (["A=1"], []),
        (["a"], []),
        (["=1; ;;; =; a=2"], ["2"]),
        (["a b=1; a=2"], ["2"]),
        (["a=1\u{1}; a=2"], ["2"]),
        (["é=1; a=é"], ["é"]),
        (["", ",", ";", "=", ",,a=1"], ["1"]),
        ([], []),
    ])
    func values(lines: [String], expected: [String]) {
        #expect(RequestCookies(values: lines).all(named: "a") == expected)
    }

    @Test func readsEveryCookieField() {
        let headers: HeaderList = ["Cookie": "a=1", "x": "a=9", "cookie": "a=2"]
        #expect(RequestCookies(headers).all(named: "a") == ["1", "2"])
    }

    @Test func namesComeInOrder() {
        #expect(RequestCookies(values: ["b=1; a=2", "b=3"]).names == ["b", "a", "b"])
    }

    @Test func numberIsBounded() {
        let cookies = RequestCookies(values: [Array(repeating: "a=1", count: 5_000).joined(separator: "; ")])
        #expect(cookies.all(named: "a").count == RequestCookies.maximumCookies)
        #expect(cookies.isTruncated)
    }

    @Test func bytesAreBounded() {
        let large = "b=" + String(repeating: "x", count: 100_000)
        let cookies = RequestCookies(values: ["a=1; \(large); a=2", "a=3"])
        #expect(cookies.all(named: "a") == ["1"])
        #expect(cookies.isTruncated)
    }

    @Test func manyCommasAreReadInLinearTime() {
        let line = "a=" + String(repeating: ",", count: 60_000)
        #expect(RequestCookies(values: [line]).all(named: "a").count == 1)
    }
}
