import ArgumentParser
import Connectors
import JOSE

/// `gatehouse hash-password`
struct HashPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-password", abstract: "Hash a password with bcrypt, for provider.users[].hash.",
        discussion: "Asks twice on a terminal; otherwise reads one line from standard input.")

    @Option(help: "bcrypt's cost, 8 to 16: one more takes twice as long.")
    var cost = Bcrypt.usualCost

    @Flag(name: .customLong("argon2id"), help: "Use Argon2id.")
    var usesArgon2id = false

    func validate() throws {
        guard !usesArgon2id else { throw ValidationError("--argon2id is not supported by this version yet; leave it out") }
        guard Bcrypt.costs.contains(cost) else {
            throw ValidationError("--cost is not between 8 and 16; \(Bcrypt.usualCost) is usual")
        }
    }

    func run() async throws {
        do {
            print(try Bcrypt.hash(try PasswordPrompt.read(), cost: cost, randomness: .system).text)
        } catch let refusal as Bcrypt.Refusal {
            printError("\(refusal.rawValue); \(Self.advice(refusal))")
            throw ExitStatus.failed
        } catch let problem as PasswordPrompt.Problem {
            printError(problem.rawValue)
            throw ExitStatus.failed
        }
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
