import Settings

/// Whether browsers keep our cookies. What contradicts itself is found when the file is read; this says what comes of the rest.
package enum CookieCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        guard let service = seen.configuration.authService else { return [] }
        // It has been said already.
        guard !seen.problems.contains(where: { $0.severity == .error && $0.what.contains("ookie") }) else { return [] }
        return [finding(service)]
    }

    static func finding(_ service: AuthServiceSettings) -> Finding {
        let subject = "cookie \(service.cookie.name)"
        let hosts = Set(service.publicURLs.map(\.host)).sorted()
        let domains = service.cookie.domains
        if domains.isEmpty, hosts.count > 1, let parent = sharedParent(hosts) {
            return .warning(
                subject, "each of the \(hosts.count) public hosts has a cookie of its own, so people sign in at each",
                mend: "write `cookie: { domain: \(parent) }` to sign in once, if all below it is yours")
        }
        let reach = domains.isEmpty ? "for the host alone that sets it" : "for " + domains.joined(separator: ", ")
        let isSecure = service.cookie.secure == .always || service.publicURLs.allSatisfy(\.isSecure)
        return .ok(subject, "\(reach), \(isSecure ? "over https only" : "without Secure on http hosts")")
    }

    /// What all hosts end in, where it has two labels at least.
    package static func sharedParent(_ hosts: [String]) -> String? {
        let labels = hosts.map { Array($0.split(separator: ".").reversed()) }
        guard let first = labels.first else { return nil }
        var shared: [Substring] = []
        for (index, label) in first.enumerated() {
            guard labels.allSatisfy({ $0.count > index && $0[index] == label }) else { break }
            shared.append(label)
        }
        // Numbers are no domain.
        guard shared.count > 1, shared.contains(where: { $0.contains { !$0.isNumber } }) else { return nil }
        return shared.reversed().joined(separator: ".")
    }
}
