import ArgumentParser
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import UnixSignals

/// The applications behind the demo's gateway: they hold no authentication code and believe the gateway's headers.
@main
struct DemoApps: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-apps", abstract: "Serves the demo's dashboard and echo application on 127.0.0.1.")

    @Option(help: "Port of the dashboard.")
    var dashboard = 9101

    @Option(help: "Port of the echo application.")
    var echo = 9102

    @Option(help: "Port that tells which requests have reached the two. Not served unless given.")
    var hits: Int?

    func run() async throws {
        var logger = Logger(label: "demo-apps")
        logger.logLevel = .notice
        let seen = Hits()
        var services: [any Service] = [
            server(port: dashboard, logger: logger) { dashboardResponse(to: $0, hits: seen) },
            server(port: echo, logger: logger) { try await echoResponse(to: $0, hits: seen) },
        ]
        if let hits {
            services.append(server(port: hits, logger: logger) { _ in try jsonResponse(seen.report()) })
        }
        try await ServiceGroup(
            configuration: .init(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }

    private func server(
        port: Int, logger: Logger, respond: @escaping @Sendable (Request) async throws -> Response
    ) -> some Service {
        Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                let response = try await respond(request)
                return request.method == .head ? response.withoutBody : response
            },
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: nil),
            logger: logger)
    }
}

extension Response {
    /// The answer to HEAD: a body would be read as the beginning of the next answer.
    fileprivate var withoutBody: Response {
        var headers = headers
        if let length = body.contentLength { headers[.contentLength] = String(length) }
        return Response(status: status, headers: headers, body: ResponseBody())
    }
}
