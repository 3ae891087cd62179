import Yams

/// How oauth2-proxy can be told its options.
package enum OAuth2ProxyFormat: String, CaseIterable, Sendable {
    /// `key = value`, TOML.
    case config
    /// A command line, or a list of its words.
    case flags
    /// Lines `OAUTH2_PROXY_…=value`.
    case environment
    /// The alpha configuration, YAML.
    case alpha
    /// A workload with its ConfigMaps and Secrets, YAML.
    case kubernetes

    /// What a file's content looks like.
    init(of text: String) {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.trimmed.isEmpty && !$0.trimmed.hasPrefix("#") }
        let documents = (try? ForeignDocument.parse(text)) ?? []
        if documents.contains(where: { Workload.isObject($0) || $0["containers"] != nil || $0["args"] != nil }) {
            self = .kubernetes
        } else if documents.first?.mapping?.keys.contains(where: { AlphaConfiguration.keys.contains($0.string ?? "") }) == true {
            self = .alpha
        } else if lines.first.map({ Self.isCommand($0.trimmed) }) == true {
            self = .flags
        } else if !lines.isEmpty, lines.allSatisfy(Assignments.isAssignment) {
            self = .environment
        } else {
            self = .config
        }
    }

    private static func isCommand(_ line: String) -> Bool {
        let starts = ["--", "- --", "- \"--", "- '--", "[\"--", "['--", "[--", "oauth2-proxy "]
        return starts.contains { line.hasPrefix($0) } || line.split(separator: " ").first?.hasSuffix("/oauth2-proxy") == true
            || line == "oauth2-proxy"
    }
}
