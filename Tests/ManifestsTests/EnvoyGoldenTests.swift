import FoundationEssentials
import Manifests
import Testing

struct EnvoyGoldenTests {
    /// The file is what `gatehouse manifests envoy` writes for the demo. After a wanted change, write it anew and read the
    /// difference: every line of it is a decision about safety or limits.
    @Test func demoIsTheGoldenFile() throws {
        let golden = try Data(contentsOf: folder.appending(path: "Golden/envoy.yaml"))
        #expect(String(decoding: golden, as: UTF8.self) == EnvoyManifest.demo.text)
    }

    @Test func sameManifestGivesSameBytes() {
        #expect(EnvoyManifest.demo.text == EnvoyManifest.demo.text)
    }

    private var folder: URL { URL(filePath: #filePath).deletingLastPathComponent() }
}
