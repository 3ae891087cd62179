import ArgumentParser
import AuthService
import JOSE
import Settings
import Storage

/// `gatehouse store migrate --from FILE --to FILE`
struct StoreMigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Copy everything from one storage into another, which is empty.",
        discussion: """
            Stop the program first, on all machines. What was there when it stopped is there when it starts with the other \
            configuration: nobody has to sign in again. After an interruption, run it once more.
            """)

    @Option(help: "The configuration file whose `storage` is copied.")
    var from: String

    @Option(help: "The configuration file whose `storage` gets it all.")
    var to: String

    @Flag(help: "Print the numbers as JSON.")
    var json = false

    func run() async throws {
        let source = try loadConfiguration(path: from).configuration
        let target = try loadConfiguration(path: to).configuration
        let whole = try await failing("the source cannot be used") { () throws(StoreFailure) in
            // One that is not there is not made, only to be copied.
            _ = try source.storage.whole(isLeftAsItIs: true)
            return try source.storage.whole()
        }
        try await requireThatKeysOpen(whole, with: target)
        let other = try await failing("the target cannot be used") { () throws(StoreFailure) in try target.storage.whole() }
        let copy = StorageCopy(from: whole, to: other, now: WallClock.system.now)
        switch try await failing("the copy is not finished", { () throws(StoreFailure) in try await copy.run() }) {
        case .copied(let counts): report(counts)
        case .refused(let refusal):
            printError("gatehouse: nothing was copied: \(sentence(refusal))")
            throw ExitStatus.failed
        }
    }

    /// With another secret the program would not start, or make new keys that nobody knows.
    private func requireThatKeysOpen(_ source: any RecordStore, with target: Configuration) async throws {
        let keys = try await failing("the source cannot be read") { () throws(StoreFailure) in try await source.signingKeys() }
        let sealed = SealedSigningKeyStore(
            keys.store, former: target.keySecrets + target.storageSecrets,
            sealing: StoreSealing(secrets: target.storageSecrets) { printError("gatehouse: \($0)") })
        for purpose in keys.purposes {
            do { _ = try await sealed.signingKeys(purpose: purpose) } catch {
                printError("gatehouse: nothing was copied: \(error) in \(to)")
                throw ExitStatus.failed
            }
        }
    }

    private func sentence(_ refusal: StorageCopy.Refusal) -> String {
        switch refusal {
        case .sourceIsEmpty: "the source is empty: is it the right one?"
        case .sourceIsHalfCopied: "the source itself is a copy that was never finished; run that one again first"
        case .targetHasRecords(let found):
            "the target is not empty (\(text(of: found))), and what is there could not be told from what would come;"
                + " name an empty one, or empty it"
        case .sourceIsDamaged(let found):
            "of the source \(text(of: found)) cannot be read; `gatehouse store check --config \(from)` says more"
        }
    }

    private func report(_ counts: [StoredKind: StorageCopy.Count]) {
        guard json else {
            print("records\tcopied\tended")
            for kind in StoredKind.allCases {
                guard let count = counts[kind], count.copied + count.leftOut > 0 else { continue }
                print("\(kind.text)\t\(count.copied)\t\(count.leftOut)")
            }
            return
        }
        let members = StoredKind.allCases.map { kind in
            let count = counts[kind] ?? StorageCopy.Count()
            let numbers: [(name: String, value: JSONValue)] = [
                ("copied", .integer(Int64(count.copied))), ("ended", .integer(Int64(count.leftOut))),
            ]
            return (name: kind.rawValue, value: JSONValue.object(JSONObject(numbers)))
        }
        print(JSONValue.object(JSONObject(members)).jsonText)
    }
}
