import ArgumentParser
import JOSE
import RelyingParty
import Settings
import Web

/// How commands reach the running program: its admin listener, as the configuration file names it.
struct AdminConnection: ParsableArguments {
    @Option(help: "The configuration file of the running program: says where its admin listener is, and its token.")
    var config: String

    /// Asks the API and prints the problem where there is one.
    /// - Parameter path: below `/api`, with its query.
    func ask(_ method: ProviderRequest.Method, _ path: String) async throws -> JSONObject {
        let listen = try loadConfiguration(path: config).configuration.listen
        var headers: HeaderList = ["accept": "application/json"]
        if let token = listen.adminToken { headers.add("authorization", "Bearer \(token.text)") }
        let base = try Self.base(listen.admin)
        let exchange = HTTPProviderExchange()
        let response: ProviderResponse
        do throws(UpstreamFailure) {
            response = try await exchange.exchange(
                ProviderRequest(method: method, url: "\(base)/api\(path)", headers: headers))
        } catch {
            try? await exchange.shutdown()
            printError("gatehouse: \(base) does not answer (\(error.detail)); is `gatehouse serve` running?")
            throw ExitStatus.failed
        }
        try? await exchange.shutdown()
        let content = (try? JSONReader.read(response.body))?.object
        guard response.status == 200, let content else {
            printError("gatehouse: \(content?["error"]?.string ?? "the admin listener answered \(response.status)")")
            throw ExitStatus.failed
        }
        return content
    }

    /// Where to connect to what listens there: on every address means this machine, too.
    private static func base(_ listener: ListenerSettings) throws -> String {
        guard case .tcp(let host, let port) = listener.address else {
            printError("gatehouse: the commands cannot use a Unix socket; let `listen.admin` be on 127.0.0.1")
            throw ExitStatus.failed
        }
        let scheme = listener.tls == nil ? "http" : "https"
        return switch host {
        case "0.0.0.0", "::": "\(scheme)://127.0.0.1:\(port)"
        case _ where host.utf8.contains(UInt8(ascii: ":")): "\(scheme)://[\(host)]:\(port)"
        default: "\(scheme)://\(host):\(port)"
        }
    }
}
