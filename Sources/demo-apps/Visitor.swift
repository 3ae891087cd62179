import Foundation
import HTTPTypes

/// Who the gateway says is asking.
struct Visitor {
    /// What the page shows of the assertion's claims.
    private struct Claims: Decodable {
        var name: String?
    }

    var email: String?
    var groups: [String]
    var name: String?

    /// Reads the identity headers. The assertion is only decoded: the gateway has verified it, and lets no other in.
    init(headers: HTTPFields) {
        func value(_ name: String) -> String? {
            headers.first { $0.name.canonicalName == name }?.value
        }
        email = value("kubeflow-userid").flatMap { $0.isEmpty ? nil : $0 }
        groups = (value("kubeflow-groups") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        name = value("x-gatehouse-assertion").flatMap(Self.claims)?.name
    }

    /// What to call them.
    var title: String { name ?? email ?? "Nobody" }

    /// The claims of a JWT in compact form.
    private static func claims(of token: String) -> Claims? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var base64 = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let json = Data(base64Encoded: base64) else { return nil }
        return try? JSONDecoder().decode(Claims.self, from: json)
    }
}
