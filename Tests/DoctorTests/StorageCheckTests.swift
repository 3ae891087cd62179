import Doctor
import Testing

struct StorageCheckTests {
    private static func sound(note: String? = nil, isReadableByOthers: Bool = false) -> StorageAnswer {
        .sound(engine: "SQLite 3", version: 7, isShared: false, note: note, isReadableByOthers: isReadableByOthers)
    }

    @Test(arguments: [
        (StorageAnswer.memory, ["warning"]), (.absent(path: "gatehouse.db", isPossible: true), ["ok"]),
        (.absent(path: "no/gatehouse.db", isPossible: false), ["failure"]), (.unreachable(reason: "refused"), ["failure"]),
        (.otherVersion(engine: "Postgres 17", version: 0, known: 7), ["ok"]),
        (.otherVersion(engine: "Postgres 17", version: 6, known: 7), ["ok"]),
        (.otherVersion(engine: "Postgres 17", version: 8, known: 7), ["failure"]), (.halfCopied, ["failure"]),
        (.notWritable(reason: "read-only"), ["failure"]), (sound(), ["ok"]), (sound(note: "maxmemory"), ["ok", "warning"]),
        (sound(isReadableByOthers: true), ["ok", "warning"]),
    ])
    func eachAnswerHasItsOutcome(answer: StorageAnswer, words: [String]) {
        #expect(StorageCheck.findings(answer).map(\.outcome.word) == words)
    }

    @Test(arguments: [
        ("Postgres is not asked: this machine's clock is 90 s ahead of its clock", "set this machine's clock"),
        ("connection refused", "start it"),
    ])
    func aClockIsMendedOtherwiseThanAServer(reason: String, mend: String) {
        let outcome = StorageCheck.findings(.unreachable(reason: reason)).first?.outcome
        #expect(outcome?.mend?.hasPrefix(mend) == true)
    }
}
