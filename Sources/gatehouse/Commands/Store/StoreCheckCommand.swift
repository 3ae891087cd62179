import ArgumentParser
import AuthService
import JOSE
import Settings
import Storage

/// `gatehouse store check --config FILE`: exit 0 when all is in order, 1 when not.
struct StoreCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read everything that is stored, and say whether all of it is in order.")

    @Option(help: "The configuration file.")
    var config: String

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() async throws {
        let configuration = try loadConfiguration(path: config).configuration
        let seals = SealCheck(secrets: configuration.storageSecrets, keySecrets: configuration.keySecrets)
        let check = try await failing("the storage cannot be used") { () async throws(StoreFailure) in
            try await StorageCheck(configuration.storage.whole(isLeftAsItIs: true), seals: seals)
        }
        print(json ? JSONValue.object(members(check)).jsonText : lines(check).joined(separator: "\n"))
        guard check.isGood else { throw ExitStatus.failed }
    }

    private func lines(_ check: StorageCheck) -> [String] {
        let counts = StoredKind.allCases.compactMap { kind in
            check.counts[kind].flatMap { $0 == 0 ? nil : "\(kind.text)\t\($0)" }
        }
        return ["\(check.state.engine), tables of version \(check.state.version)"] + counts + findings(check)
    }

    private func findings(_ check: StorageCheck) -> [String] {
        if check.isGood { return ["ok"] }
        var findings = check.faults
        if check.state.version < check.state.knownVersion {
            findings.append(
                "the tables are older than this program, which brings them up to date when it starts; nothing was read")
        } else if !check.state.isCurrent {
            findings.append("the tables are newer than this program; nothing was read")
        }
        if check.isHalfCopied { findings.append("a copy into it was never finished; run `gatehouse store migrate` once more") }
        if !check.damaged.isEmpty { findings.append("cannot be read: \(text(of: check.damaged))") }
        if !check.unopened.isEmpty {
            findings.append(
                "no configured secret opens: \(text(of: check.unopened)); bring back the secret that has sealed them, at any place of"
                    + " `storage.secrets` (of signing keys it may have been one of `storage.keySecrets`)")
        }
        if !check.inClear.isEmpty {
            findings.append(
                "not sealed, although everything was sealed before: \(text(of: check.inClear)); they do not count,"
                    + " and somebody has put them there who has no secret of `storage.secrets`")
        }
        return findings
    }

    private func members(_ check: StorageCheck) -> JSONObject {
        func numbers(_ counts: [StoredKind: Int]) -> JSONValue {
            .object(
                JSONObject(
                    StoredKind.allCases.compactMap { kind in
                        counts[kind].map { (name: kind.rawValue, value: .integer(Int64($0))) }
                    }))
        }
        return JSONObject([
            ("engine", .string(check.state.engine)), ("version", .integer(Int64(check.state.version))),
            ("records", numbers(check.counts)), ("damaged", numbers(check.damaged)),
            ("unopened", numbers(check.unopened)), ("unsealed", numbers(check.inClear)),
            ("findings", .strings(check.isGood ? [] : findings(check))), ("ok", .bool(check.isGood)),
        ])
    }
}
