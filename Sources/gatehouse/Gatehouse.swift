import ArgumentParser
import AsyncHTTPClient
import Hummingbird
import ServiceLifecycle
@main
struct Gatehouse: AsyncParsableCommand {
    func run() async throws { print("x") }
}
