/// A workload's name: `spiffe://<trust domain>/<path>` (SPIFFE-ID §2).
package struct SPIFFEIdentity: Sendable, Equatable {
    package let trustDomain: String
    /// Without the first slash; never empty.
    package let segments: [String]

    /// `nil` for what is no such name in its one spelling.
    package init?(_ uri: String) {
        let scheme = "spiffe://"
        guard uri.utf8.count <= 2048, uri.utf8.starts(with: scheme.utf8) else { return nil }
        let parts = uri.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let domain = parts.first, Self.isTrustDomain(domain), parts.count > 1,
            parts.dropFirst().allSatisfy(Self.isSegment)
        else { return nil }
        trustDomain = domain
        segments = Array(parts.dropFirst())
    }

    /// §2.1: lower case.
    package static func isTrustDomain(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0) || "-._".utf8.contains($0) }
    }

    /// §2.2: no dot segments, nothing encoded.
    private static func isSegment(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0 | 0x20) || "-._".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    // As Istio has it: `/ns/<namespace>/sa/<service account>`.

    package var namespace: String? { isOfIstiosForm ? segments[1] : nil }
    package var serviceAccount: String? { isOfIstiosForm ? segments[3] : nil }

    private var isOfIstiosForm: Bool { segments.count == 4 && segments[0] == "ns" && segments[2] == "sa" }
}
