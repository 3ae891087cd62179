import ArgumentParser
import Connectors
import JOSE

/// `gatehouse hash-password`
struct HashPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-password", abstract: "Hash a password with bcrypt or Argon2id, for provider.users[].hash.",
        discussion: "Asks twice on a terminal; otherwise reads one line from standard input.")

    @Option(help: "bcrypt's cost, 8 to 16: one more takes twice as long.")
    var cost = Bcrypt.usualCost

    @Flag(name: .customLong("argon2id"), help: "Use Argon2id, with 19 MiB, 2 iterations, 1 lane.")
    var usesArgon2id = false

    func validate() throws {
        guard Bcrypt.costs.contains(cost) else {
            throw ValidationError("--cost is not between 8 and 16; \(Bcrypt.usualCost) is usual")
        }
    }

    func run() async throws {
        do {
            let password = try PasswordPrompt.read()
            print(try usesArgon2id ? argon2id(password) : Bcrypt.hash(password, cost: cost, randomness: .system).text)
        } catch let refusal as Bcrypt.Refusal {
            printError("\(refusal.rawValue); \(Self.advice(refusal))")
            throw ExitStatus.failed
        } catch let problem as PasswordPrompt.Problem {
            printError(problem.rawValue)
            throw ExitStatus.failed
        }
    }

    private func argon2id(_ password: Secret) throws -> String {
        guard !password.isEmpty else { throw Bcrypt.Refusal.empty }
        guard let hash = Argon2id.hash(password, cost: Argon2id.usualCost, randomness: .system) else {
            printError("the password is longer than \(Argon2id.maximumPasswordBytes) bytes, or there is no memory for its hash")
            throw ExitStatus.failed
        }
        return hash.text
    }

    private static func advice(_ refusal: Bcrypt.Refusal) -> String {
        switch refusal {
        case .empty: "give one on standard input, or run the command on a terminal"
        case .tooLong: "choose a shorter one"
        case .zeroByte: "choose one that can be typed"
        case .cost: "choose another"
        case .system: "install Debian's libcrypt1"
        }
    }
}
