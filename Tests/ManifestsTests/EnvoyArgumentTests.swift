import Manifests
import Testing

struct EnvoyArgumentTests {
    @Test(arguments: [
        ("127.0.0.1:80", "127.0.0.1", 80), ("app:65535", "app", 65535), ("[::1]:9", "::1", 9), ("a.b-c_d.e:1", "a.b-c_d.e", 1),
    ])
    func address(text: String, host: String, port: Int) {
        #expect(NetworkAddress(parsing: text) == NetworkAddress(host: host, port: port))
    }

    @Test(arguments: [
        "", "a", ":80", "a:", "a:0", "a:65536", "a:99999999999999999999", "a:-1", "a: 80", "a:8 0", "a:+8", "::1:80", "[a]:80",
        "[::1]",
        "[::1:80", "a/b:80", "a b:80", "é:80", "a:٣", "u@h:80",
    ])
    func notAnAddress(text: String) {
        #expect(NetworkAddress(parsing: text) == nil)
    }

    @Test(arguments: [("grpc=127.0.0.1:8080", EnvoyManifest.Mode.grpc), ("http=[::]:1", .http)])
    func listener(text: String, mode: EnvoyManifest.Mode) {
        #expect(EnvoyManifest.Listener(parsing: text)?.mode == mode)
    }

    @Test(arguments: ["127.0.0.1:8080", "tcp=127.0.0.1:8080", "grpc=", "grpc", "GRPC=a:1", "grpc=a:1=b:2"])
    func notAListener(text: String) {
        #expect(EnvoyManifest.Listener(parsing: text) == nil)
    }

    @Test(arguments: [("/=a:1", "/"), ("/echo/=127.0.0.1:9102", "/echo/"), ("/a=b/=c:1", "/a=b/")])
    func upstream(text: String, prefix: String) {
        #expect(EnvoyManifest.Upstream(parsing: text)?.prefix == prefix)
    }

    @Test(arguments: ["echo/=a:1", "=a:1", "/a", "/a=", "/a b=c:1", "/a?b=c:1", "/a#=c:1", "/é=c:1", "/\n=c:1", "/a=c"])
    func notAnUpstream(text: String) {
        #expect(EnvoyManifest.Upstream(parsing: text) == nil)
    }

    @Test(arguments: [
        ("X-Forwarded-User", RemovedHeader.name("x-forwarded-user")), ("x-auth-request-*", .beginning("x-auth-request-")),
    ])
    func removedHeader(text: String, header: RemovedHeader) {
        #expect(RemovedHeader(parsing: text) == header)
    }

    @Test(arguments: ["", "*", "a b", "a:b", ":path", "x-*-y", "**", "é", "a\r\nb"])
    func notARemovedHeader(text: String) {
        #expect(RemovedHeader(parsing: text) == nil)
    }
}
