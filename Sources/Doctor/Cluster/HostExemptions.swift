import JOSE
import Settings

/// Hosts that a policy leaves out by naming others.
enum HostExemptions {
    /// A name that no rule has is not asked about, nor one with a port that the patterns do not take.
    static func findings(_ rules: [JSONValue], _ policy: ClusterObject, _ cluster: Cluster) -> [Finding] {
        let named = rules.flatMap { $0.list("to") }.flatMap { $0.texts("operation", "hosts") }
        guard !named.isEmpty, !named.contains("*") else { return [] }
        let mend = "remove `hosts`: the configuration's rules can be for hosts"
        let open = (cluster.configuration.authService?.publicURLs ?? []).map(\.authority).filter { host in
            !named.contains { HostPatternOfIstio($0).takes(host) }
        }
        guard open.isEmpty else {
            return [
                .failure(
                    policy.subject,
                    "it asks only about \(named.map(\.quotedForeign).joined(separator: ", ")), and so not about"
                        + " \(open.joined(separator: ", ")): whatever is there needs no sign-in", mend: mend)
            ]
        }
        return [
            .warning(
                policy.subject,
                "it asks only about the hosts that it names: what is reached by another name, or with a port, needs no sign-in",
                mend: mend)
        ]
    }
}

/// As Istio compares hosts: `*suffix`, `prefix*` or the whole, in either case.
struct HostPatternOfIstio {
    private let text: String

    init(_ text: String) { self.text = text.lowercased() }

    func takes(_ host: String) -> Bool {
        let host = host.lowercased()
        if text.hasPrefix("*") { return host.hasSuffix(text.dropFirst()) }
        return text.hasSuffix("*") ? host.hasPrefix(text.dropLast()) : host == text
    }
}

extension ConfiguredURL {
    /// `host`, or `host:port` where browsers send one.
    fileprivate var authority: String { origin.split(separator: "/").last.map(String.init) ?? host }
}
