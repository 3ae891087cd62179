import ArgumentParser
import Manifests
import Settings

/// The options that every manifest for a cluster takes, and the way from them to its objects.
struct KubernetesManifestOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("Where Gatehouse is to live.", valueName: "name"))
    var namespace = "gatehouse"

    @Flag(help: "The namespace is there already: it is not written, so it keeps its labels, and is not deleted with the rest.")
    var existingNamespace = false

    @Option(help: ArgumentHelp("The container image.", valueName: "name"))
    var image = "gatehouse:\(VersionCommand.number)"

    @Option(help: ArgumentHelp("How many pods there are; more than one needs a store that they share.", valueName: "number"))
    var replicas = 2

    @Option(help: ArgumentHelp("How many there may be; three times --replicas when not given.", valueName: "number"))
    var maxReplicas: Int?

    @Option(
        help: ArgumentHelp(
            "A Secret that is there already. Without it, one is written with what the configuration's secrets hold here and now.",
            valueName: "name"))
    var secret: String?

    @Flag(help: "Let the Prometheus operator scrape it.")
    var serviceMonitor = false

    @Option(help: ArgumentHelp("Where Prometheus lives.", valueName: "name"))
    var monitoringNamespace = "monitoring"

    @Option(help: ArgumentHelp("Write a file for each object into this folder instead of printing them.", valueName: "dir"))
    var out: String?

    func validate() throws {
        for (option, name) in [("--namespace", namespace), ("--monitoring-namespace", monitoringNamespace)]
        where !KubernetesName.isNamespace(name) {
            throw ValidationError("\(option) takes small letters, digits and dashes")
        }
        try refuseNamespaces([])
        guard secret.map(KubernetesName.isName) ?? true else {
            throw ValidationError("--secret takes small letters, digits, dots and dashes")
        }
        guard (1...100).contains(replicas), (replicas...1000).contains(maxReplicas ?? replicas) else {
            throw ValidationError("--replicas goes from 1 to 100, and --max-replicas from there to 1000")
        }
    }

    /// What is written gets our labels, and is deleted with the rest: no namespace that others live in.
    func refuseNamespaces(_ others: [String]) throws {
        guard !existingNamespace else { return }
        guard !KubernetesName.isOfTheCluster(namespace), !others.contains(where: { $0 == namespace }) else {
            throw ValidationError(
                "--namespace \(namespace) is one that others live in: give another, or --existing-namespace to leave it as it is")
        }
    }

    /// Gatehouse itself.
    /// - Parameters:
    ///   - callers: the gateway's pods, and whatever else asks for our pages or keys.
    ///   - adjust: what else the gateway in question wants of it.
    func workload(
        callers: [PodGroup], adjust: (inout KubernetesOptions) -> Void = { _ in }
    ) throws -> KubernetesWorkload {
        let sources = secret == nil ? ConfigurationSources.process : .withStandIns
        let loaded = try reportingProblems { () throws(ConfigurationErrors) in
            try Configuration.load(path: config, sources: sources)
        }
        var options = options(callers)
        adjust(&options)
        return try refusing { () throws(KubernetesProblem) in
            try KubernetesWorkload(loaded, options: options, sources: sources)
        }
    }

    /// What a manifest is made by; what does not fit a cluster is said on stderr and ends with exit code 78.
    func refusing<Value>(_ make: () throws(KubernetesProblem) -> Value) throws -> Value {
        do throws(KubernetesProblem) { return try make() } catch {
            printError("\(config): \(error)")
            throw ExitStatus.configuration
        }
    }

    /// Prints the objects behind a comment, or writes a file for each and `more` beside them. Notes go to stderr.
    func write(
        _ objects: [KubernetesObject], notes: [String], more: [ManifestFile] = [], comment: String = ""
    ) throws {
        notes.forEach { printError("\(config): note: \($0)") }
        guard let out else { return print(comment + objects.text, terminator: "") }
        for file in objects.files + more { try ManifestOutput.write(file, to: out) }
    }

    private func options(_ callers: [PodGroup]) -> KubernetesOptions {
        var options = KubernetesOptions(image: image)
        options.namespace = namespace
        options.existingNamespace = existingNamespace
        options.replicas = replicas
        options.maximumReplicas = maxReplicas ?? (replicas > 1 ? replicas * 3 : replicas)
        options.secret = secret
        options.callers = callers
        options.serviceMonitor = serviceMonitor
        options.monitoringNamespace = monitoringNamespace
        return options
    }
}

extension ConfigurationSources {
    /// Where the secrets are in the cluster, nobody needs to have them here: what is missing is taken for good.
    static let withStandIns = ConfigurationSources(
        file: { (path, limit) throws(Failure) in
            do throws(Failure) { return try ConfigurationSources.process.file(path, limit) } catch {
                guard limit <= 65536 else { throw error }
                return File(bytes: Array((path + String(repeating: "0", count: 64)).utf8), mode: 0o600)
            }
        },
        variable: { name in ConfigurationSources.process.variable(name) ?? name + String(repeating: "0", count: 64) })
}
