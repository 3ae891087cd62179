import Yams

/// `authService.kubernetes`
enum KubernetesSection {
    static let server = Key.required(
        "server", .issuer(), standIn: ConfiguredURL(text: "", scheme: "https", host: "", path: ""),
        "The API server's base URL, as `https://kubernetes.default.svc`.")
    static let caFile = Key.optional("caFile", CertificateFile.shape, "PEM: the only certificates that the server may have.")
    static let tokenFile = Key.optional(
        "tokenFile", .file(), "The token of our own service account; read for every question.")
    static let user = Key.defaulted(
        "user", Shape<String>.text(), "email", "The claim with the user's name there; an address counts only when it is verified."
    )
    static let userPrefix = Key.optional("userPrefix", Shape<String>.text(), "Put in front of it, as the API server does.")
    static let groups = Key.defaulted("groups", .list(of: Shape<String>.text()), ["groups"], "The claims with the groups.")
    static let groupPrefix = Key.optional("groupPrefix", Shape<String>.text(), "Put in front of each group.")
    static let extra = Key.defaulted(
        "extra", extraMap, [], "Further names that authorisers of the cluster look at, with their claims.")
    static let clusterIssuers = Key.defaulted(
        "clusterIssuers", .list(of: Shape<String>.text()), [],
        "Issuers of `bearer` that are the cluster's own: their users count by `sub` and without prefix. `server` is always one.")
    static let cache = Key.section("cache", cacheSection, "How long answers count.")

    static let allowed = Key.defaulted("allowed", .duration(atMost: 3600), 60, "How long somebody may go on who was allowed.")
    static let denied = Key.defaulted("denied", .duration(atMost: 3600), 10, "How long a refusal counts.")
    private static let cacheSection = Section("cache", [allowed.listed, denied.listed]) { fields in
        (allowed: fields(allowed), denied: fields(denied))
    }

    static let section = Section(
        "kubernetes",
        [
            server.listed, caFile.listed, tokenFile.listed, user.listed, userPrefix.listed, groups.listed, groupPrefix.listed,
            extra.listed, clusterIssuers.listed, cache.listed,
        ]
    ) { fields in
        let url = fields(server)
        let lives = fields(cache)
        return KubernetesSettings(
            server: url, authorities: fields(caFile), tokenFile: fields(tokenFile), user: fields(user),
            userPrefix: fields(userPrefix) ?? "", groups: fields(groups), groupPrefix: fields(groupPrefix) ?? "",
            extra: fields(extra), clusterIssuers: [url.text] + fields(clusterIssuers), allowed: lives.allowed,
            denied: lives.denied)
    }

    private static let extraMap = Shape<[KubernetesSettings.Extra]>.mapping(of: Shape<String>.text().schema) {
        name, key, node, reading in
        guard !name.isEmpty, name == name.lowercased() else {
            return reading.refuse("\(quoted(name)) is not in lower case", "write it as the cluster's authorisers do", key)
        }
        return Shape<String>.text().read(node, reading).map { KubernetesSettings.Extra(name: name, claim: $0) }
    }
}

/// The Kubernetes API server that rules ask.
package struct KubernetesSettings: Sendable {
    package struct Extra: Sendable, Equatable {
        package var name: String
        /// A claim, or a path to it.
        package var claim: String
    }

    package var server: ConfiguredURL
    /// PEM: only these certificates are trusted.
    package var authorities: [UInt8]?
    package var tokenFile: String?
    /// Claims, or paths to them with `.` between the names.
    package var user: String
    package var userPrefix: String
    package var groups: [String]
    package var groupPrefix: String
    package var extra: [Extra]
    /// Compared with `iss`, byte for byte.
    package var clusterIssuers: [String]
    /// Seconds that an answer counts.
    package var allowed: Int64
    package var denied: Int64
}
