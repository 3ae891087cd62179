import ArgumentParser
import JOSE
import RelyingParty

/// `gatehouse users show USER`
struct UsersShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one user.")

    @OptionGroup var target: UserArgument

    func run() async throws {
        try await target.ask(.get) { content in
            for member in content["user"]?.object?.members ?? [] {
                let text = member.value.stringList?.joined(separator: ",") ?? member.value.string ?? ""
                print("\(member.name)\t\(printable(text))")
            }
        }
    }
}
