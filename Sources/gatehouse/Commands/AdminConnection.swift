import ArgumentParser
import JOSE
import RelyingParty
import Settings
import Web

/// How commands reach the running program: its admin listener, as the configuration file names it.
struct AdminConnection: ParsableArguments {
    @Option(help: "The configuration file of the running program: says where its admin listener is, and its token.")
    var config: String

    @Option(
        help: ArgumentHelp(
            "For an admin listener with TLS: who signed its certificate, as PEM; a certificate that signed itself needs none.",
            valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("The name in that certificate, when it is another than the listener's host.", valueName: "name"))
    var serverName: String?

    @Option(
        help: ArgumentHelp("For an admin listener that wants a client certificate: ours, as PEM.", valueName: "file"))
    var clientCertificate: String?

    @Option(help: ArgumentHelp("The private key of --client-certificate.", valueName: "file"))
    var clientKey: String?

    func validate() throws {
        guard (clientCertificate == nil) == (clientKey == nil) else {
            throw ValidationError("--client-certificate and --client-key go together")
        }
    }

    /// Asks the API and prints the problem where there is one.
    /// - Parameter path: below `/api`, with its query.
    func ask(
        _ method: ProviderRequest.Method, _ path: String, body: JSONValue? = nil, within timeout: Duration = .seconds(10)
    ) async throws -> JSONObject {
        let response = try await exchange(method, "/api\(path)", body: body, within: timeout)
        let content = (try? JSONReader.read(response.body))?.object
        guard (200...201).contains(response.status), let content else {
            printError("gatehouse: \(content?["error"]?.string ?? "the admin listener answered \(response.status)")")
            throw ExitStatus.failed
        }
        return content
    }

    /// Asks the admin listener; one that does not answer ends the command.
    /// - Parameter listen: of the configuration file where it is nil.
    func exchange(
        _ method: ProviderRequest.Method, _ path: String, body: JSONValue? = nil, within timeout: Duration = .seconds(10),
        at listen: ListenSettings? = nil
    ) async throws -> ProviderResponse {
        let listen = try listen ?? loadConfiguration(path: config).configuration.listen
        // By whatever name it is reached: the API answers this machine only where it has no token.
        var headers: HeaderList = ["accept": "application/json", "host": "localhost"]
        if let token = listen.adminToken { headers.add("authorization", "Bearer \(token.text)") }
        if body != nil { headers.add("content-type", "application/json") }
        let place = try AdminPlace(listen.admin, self)
        let exchange = try place.exchange(timeout: timeout)
        let response: ProviderResponse
        do throws(UpstreamFailure) {
            response = try await exchange.exchange(
                ProviderRequest(method: method, url: place.base + path, headers: headers, body: body?.jsonBytes ?? []))
        } catch {
            try? await exchange.shutdown()
            printError("gatehouse: \(place) does not answer (\(error.detail)); is `gatehouse serve` running?")
            throw ExitStatus.failed
        }
        try? await exchange.shutdown()
        return response
    }
}
