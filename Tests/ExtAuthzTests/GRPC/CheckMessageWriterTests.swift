import AuthService
import EnvoyAPI
import ExtAuthz
import JOSE
import SwiftProtobuf
import Testing
import Web

struct CheckMessageWriterTests {
    private func written(_ decision: Decision) throws -> EnvoyCheckResponse {
        try EnvoyCheckResponse(serializedBytes: CheckMessageWriter.bytes(decision))
    }

    // MARK: Allow

    @Test func headersOverwriteTheClients() throws {
        let ok = try written(.allow).okResponse
        #expect(ok.headers.map(\.header.key) == ["x-user", "x-groups"])
        #expect(ok.headers.map(\.header.value) == ["ada", ""])
        #expect(ok.headers.allSatisfy { $0.hasAppend && !$0.append.value && $0.appendAction == .overwriteIfExistsOrAdd })
        #expect(ok.headers.map(\.keepEmptyValue) == [false, true])
        #expect(ok.headersToRemove == ["x-forwarded-user"])
    }

    @Test func everyCookieIsAddedForTheClient() throws {
        let added = try written(.allow).okResponse.responseHeadersToAdd
        #expect(added.map(\.header.key) == ["set-cookie", "set-cookie"])
        #expect(added.map(\.header.value) == ["a=1; Path=/", "b=2; Path=/"])
        #expect(added.allSatisfy { !$0.hasAppend && $0.appendAction == .appendIfExistsOrAdd })
    }

    @Test func allowHasCodeZero() throws {
        let response = try written(.allow)
        #expect(response.status.code == 0)
        #expect(response.hasStatus)
    }

    @Test(arguments: ["x-user", "X-User"]) func nameOnBothListsStaysSet(name: String) throws {
        let accepted = Accepted(
            headersToSet: [.init(name: "x-user", value: "ada")], headersToRemove: [name, "x-other"])
        let ok = try written(.accept(accepted)).okResponse
        #expect(ok.headersToRemove == ["x-other"])
        #expect(ok.headers.map(\.header.value) == ["ada"])
    }

    @Test func metadataKeepsItsShape() throws {
        let metadata: [String: JSONValue] = [
            "null": .null, "yes": true, "count": 3, "half": .number(0.5), "name": "ada", "list": ["a", 1],
            "deep": ["inner": "x"],
        ]
        let fields = try written(.accept(Accepted(metadata: metadata))).dynamicMetadata.fields
        #expect(fields["null"]?.kind == .nullValue(.nullValue))
        #expect(fields["yes"]?.boolValue == true)
        #expect(fields["count"]?.numberValue == 3)
        #expect(fields["half"]?.numberValue == 0.5)
        #expect(fields["name"]?.stringValue == "ada")
        #expect(fields["list"]?.listValue.values.first?.stringValue == "a")
        #expect(fields["deep"]?.structValue.fields["inner"]?.stringValue == "x")
    }

    // MARK: Deny

    @Test(
        arguments: [
            (.unauthenticated, 401, 16), (.forbidden, 403, 7), (.invalidRequest, 400, 3), (.unavailable, 503, 14),
        ] as [(Rejection.Kind, Int, Int32)])
    func rejectionHasItsCode(kind: Rejection.Kind, status: Int, code: Int32) throws {
        let response = try written(.reject(kind, status, body: "no"))
        #expect(response.status.code == code)
        #expect(response.deniedResponse.status.code == Int32(status))
        #expect(response.deniedResponse.body == "no")
    }

    @Test func cookiesOfADenialAreNotMarkedToAppend() throws {
        var headers: HeaderList = ["content-type": "text/html", "content-length": "2"]
        headers.add("set-cookie", "a=1")
        headers.add("set-cookie", "b=2")
        let denied = try written(.reject(.forbidden, 403, headers: headers, body: "no")).deniedResponse
        #expect(denied.headers.map(\.header.key) == ["content-type", "set-cookie", "set-cookie"])
        #expect(denied.headers.allSatisfy { !$0.hasAppend })
    }

    @Test func redirectCarriesLocationAndCookies() throws {
        let response = try written(.redirect(Redirection(location: "https://idp.example/auth", cookies: ["s=1"])))
        #expect(response.status.code == 16)
        #expect(response.deniedResponse.status.code == 302)
        let headers = response.deniedResponse.headers.map { "\($0.header.key): \($0.header.value)" }
        #expect(headers == ["location: https://idp.example/auth", "cache-control: no-store", "set-cookie: s=1"])
    }

    @Test func pageWithStatus200IsADenialForEnvoy() throws {
        let response = try written(.page(200, body: [UInt8]("hello".utf8)))
        #expect(response.status.code == 7)
        #expect(response.deniedResponse.status.code == 200)
        #expect(response.deniedResponse.body == "hello")
    }

    private static let bugs: [Decision] = [
        .reject(.forbidden, 200), .reject(.forbidden, 302), .reject(.forbidden, 99), .reject(.forbidden, Int.max),
        .redirect(Redirection(status: 200, location: "https://idp.example")),
        .redirect(Redirection(location: "https://idp.example\r\nset-cookie: x=1")),
        .page(100), .page(0), .page(200, body: [0xff, 0xfe]), .page(200, headers: ["x y": "1"]),
        .accept(Accepted(headersToSet: [.init(name: "x-user", value: "a\r\nx-admin: 1")])),
        .accept(Accepted(headersToSet: [.init(name: "x user", value: "a")])),
        .accept(Accepted(headersToRemove: [":path\n"])), .accept(Accepted(cookies: ["a=1\r\nx: y"])),
    ]

    @Test(arguments: bugs.indices) func decisionThatCannotBeWrittenIsClosed(index: Int) throws {
        let response = try written(Self.bugs[index])
        #expect(response.status.code == 14)
        #expect(response.deniedResponse.status.code == 500)
        #expect(response.httpResponse != nil && !response.hasDynamicMetadata)
    }

    @Test(arguments: Refusal.allCases) func refusalIsADenial(refusal: Refusal) throws {
        let response = try written(refusal.decision)
        #expect(response.status.code != 0)
        #expect(response.deniedResponse.status.code == Int32(refusal.status))
    }
}
