import ArgumentParser
import RelyingParty
import Web

/// `gatehouse tokens revoke [ID] [--user U]`
struct TokensRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke personal access tokens: it holds from the next request on.")

    @OptionGroup var revocation: AdminRevocation

    func validate() throws {
        guard (revocation.id == nil) != (revocation.user == nil) else {
            throw ValidationError("say which tokens: an id, or --user")
        }
    }

    func run() async throws {
        var query = QueryString()
        query.add("id", revocation.id)
        query.add("user", revocation.user)
        let content = try await revocation.admin.ask(.post, query.appending(to: "/tokens/revoke"))
        try revocation.say(content, "token", "revoked")
    }
}
