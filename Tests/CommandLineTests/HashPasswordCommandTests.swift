import TestSupport
import Testing

struct HashPasswordCommandTests {
    @Test(arguments: ["password\n", "password", "password\r\n", String(repeating: "x", count: 72) + "\n"])
    func oneLineIsHashed(input: String) async throws {
        let outcome = try await GatehouseProgram.run(["hash-password", "--cost", "8"], input: input)
        #expect(outcome.status == 0)
        #expect(outcome.output.wholeMatch(of: /\$2b\$08\$[.\/A-Za-z0-9]{53}\n/) != nil)
        #expect(outcome.errors == "")
    }

    @Test(arguments: ["password\n", String(repeating: "x", count: 1024)])
    func argon2id(input: String) async throws {
        let outcome = try await GatehouseProgram.run(["hash-password", "--argon2id"], input: input)
        #expect(outcome.status == 0)
        #expect(
            outcome.output.wholeMatch(of: /\$argon2id\$v=19\$m=19456,t=2,p=1\$[+\/A-Za-z0-9]{22}\$[+\/A-Za-z0-9]{43}\n/) != nil)
    }

    @Test(arguments: [("", "the password is empty"), (String(repeating: "x", count: 1025), "longer than 1024 bytes")])
    func argon2idRefuses(input: String, says: String) async throws {
        let outcome = try await GatehouseProgram.run(["hash-password", "--argon2id"], input: input)
        #expect(outcome.status == 1 && outcome.output == "")
        #expect(outcome.errors.contains(says))
    }

    @Test(arguments: [
        ("", "the password is empty"), ("\n", "the password is empty"),
        (String(repeating: "x", count: 73) + "\n", "the password is longer than 72 bytes"), ("a\0b\n", "a zero byte"),
    ])
    func refusedPasswords(input: String, says: String) async throws {
        let outcome = try await GatehouseProgram.run(["hash-password"], input: input)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(says))
        #expect(outcome.output == "")
    }

    @Test(arguments: [["--cost", "7"], ["--cost", "17"], ["--cost", "x"]])
    func refusedOptions(options: [String]) async throws {
        let outcome = try await GatehouseProgram.run(["hash-password"] + options, input: "password\n")
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
    }
}
