import ArgumentParser
import Doctor
import JOSE
import Settings

/// `gatehouse doctor`: tries everything that the file names. Exit 0 where there is no failure, 1 where there is one, 78 where the
/// file is refused.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Try everything that the configuration names, and say what is wrong and how to mend it.",
        discussion: "No service has to run for it, and nobody is signed in.")

    @Option(help: "The configuration file.")
    var config: String

    @Option(help: "A file or folder with a cluster's objects, as kubectl get -o yaml writes them. Several are possible.")
    var manifests: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print warnings and failures only.")
    var quiet = false

    func run() async throws {
        let examined = Configuration.examined(path: config)
        let report = try await report(examined)
        print(json ? report.json.jsonText : report.lines(withoutOK: quiet))
        if examined.problems.contains(where: { $0.severity == .error }) { throw ExitStatus.configuration }
        guard report.failures == 0 else { throw ExitStatus.failed }
    }

    /// Of a file that cannot be read as a whole only what is wrong with it.
    private func report(_ examined: ExaminedConfiguration) async throws -> Report {
        guard let configuration = examined.configuration else { return Report(examined.problems, file: config) }
        let cluster = try manifests.isEmpty ? nil : cluster(configuration)
        let assembly = await DoctorAssembly(configuration)
        let subject = Case(
            file: config, configuration: configuration, problems: examined.problems, issuers: assembly.issuers,
            directories: assembly.directories, exchange: assembly.common, unusable: assembly.unusable, storage: assembly.storage)
        let observations = await Observer(subject).observe()
        await assembly.shutdown()
        return Report(observations, cluster)
    }

    private func cluster(_ configuration: Configuration) throws -> Cluster {
        do throws(ClusterFiles.Failure) { return try ClusterFiles.read(manifests, for: configuration) } catch {
            printError("gatehouse: \(error.description)")
            throw ExitStatus.failed
        }
    }
}
