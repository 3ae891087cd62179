import ArgumentParser
import RelyingParty
import Settings

/// `gatehouse health`: exit 0 when the running program is ready, 1 when it is not: for containers, whose images have no other
/// program to ask it with.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask the running program whether it is ready.")

    @OptionGroup var admin: AdminConnection

    func run() async throws {
        // What the file says of the listener is enough: a program that runs is not ill because somebody is changing the rest of it.
        let examined = Configuration.examined(path: admin.config)
        guard let listen = examined.configuration?.listen else {
            examined.problems.forEach { printError("\($0)") }
            throw ExitStatus.failed
        }
        let response = try await admin.exchange(.get, "/readyz", at: listen)
        guard response.status == 200 else {
            printError("gatehouse: not ready: \(printable(String(decoding: response.body.prefix(1000), as: UTF8.self)))")
            throw ExitStatus.failed
        }
    }
}
