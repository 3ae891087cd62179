import JOSE
import Settings

/// The configuration file as it is in a cluster, and what goes beside it: no secret is left in the text.
struct DeployedConfiguration {
    /// `gatehouse.yaml`
    let text: String
    /// What the Secret holds, by its keys; without the files' contents where it is there already.
    let secrets: [(key: String, value: Secret)]
    /// Those that reach the process as environment variables.
    let variables: [String]
    /// What is otherwise than in the file, for whoever runs the command.
    let notes: [String]
    /// Whether the configuration refers to the token and the CA that a cluster gives to pods.
    let usesClusterAccount: Bool
    /// Whether the Secret is written, too.
    private let holdsSecrets: Bool

    static let configurationFolder = "/etc/gatehouse/config"
    static let secretsFolder = "/etc/gatehouse/secrets"
    static let dataFolder = "/var/lib/gatehouse"
    /// Where a cluster puts what pods know of it.
    static let accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    init(
        _ loaded: LoadedConfiguration, _ options: KubernetesOptions, sources: ConfigurationSources
    ) throws(KubernetesProblem) {
        var move = ConfigurationMove(sources: options.secret == nil ? sources : nil, variables: Set(loaded.variables.keys))
        let tree = try move.value(loaded.tree, at: [])
        let listening = ConfigurationMove.listening(tree, loaded.configuration.listen, &move.notes)
        text = YAMLWriter.text(
            options.headersOfAssertion ? Self.strippingHeaders(listening, loaded.configuration) : listening)
        variables = loaded.variables.keys.sorted()
        secrets = move.secrets + loaded.variables.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
        notes = move.notes
        usesClusterAccount = move.usesClusterAccount
        holdsSecrets = options.secret == nil
    }

    /// With `identity.headers` among what is taken from requests, and set by nobody here.
    private static func strippingHeaders(_ tree: YAMLValue, _ configuration: Configuration) -> YAMLValue {
        guard let identity = configuration.authService?.identity, let section = tree["authService"]?["identity"] else {
            return tree
        }
        let strip = identity.strip.map(\.text)
        let names = strip + identity.headers.map(\.name).filter { !strip.contains($0) }
        return tree.setting(
            ["authService", "identity"],
            to: section.removing("headers").removing("presets").setting("strip", to: .strings(names)))
    }

    /// Changes whenever anything of it does. The cookie key is in it, so that nothing can be found out from it by trying. Of a
    /// Secret that is there already it has nothing: what was at hand here may be a short password and no key.
    var checksum: String {
        let held = holdsSecrets ? secrets : []
        let parts = [Array(text.utf8)] + held.flatMap { [Array($0.key.utf8), $0.value.bytes] }
        return sha256(parts.flatMap { sha256($0) }).map(hexadecimal).joined()
    }

    private func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
