import FoundationEssentials
import Manifests
import Testing

struct GatewayGoldenTests {
    static let gateways: [(String, @Sendable (GatewayManifest) throws -> [ManifestFile])] = [
        ("nginx", { try $0.nginx() }), ("traefik", { try $0.traefik() }), ("caddy", { $0.caddy() }),
        ("haproxy", { try $0.haproxy() }),
    ]

    /// Golden/GATEWAY/ holds what `gatehouse manifests GATEWAY` writes for the demo. After a wanted change, write it anew and
    /// read the difference: every line of it is a decision about safety or limits.
    @Test(arguments: gateways)
    func demoIsTheGoldenFolder(gateway: String, files: @Sendable (GatewayManifest) throws -> [ManifestFile]) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(gateway)")
        let written = try files(GatewayManifest(.demo))
        #expect(!written.isEmpty)
        for file in written {
            let golden = try Data(contentsOf: folder.appending(path: file.name))
            #expect(String(decoding: golden, as: UTF8.self) == file.text, "\(file.name)")
        }
    }
}
