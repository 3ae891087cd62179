import ExtAuthz
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Settings

/// A Hummingbird server as a service that says which address it could not have.
struct HTTPListener<Responder: HTTPResponder>: Service where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    let name: String
    let address: ListenAddress
    let responder: Responder
    let logger: Logger

    func run() async throws {
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil, reuseAddress: true),
            logger: logger)
        do { try await application.run() } catch let error as IOError {
            throw ListenerFailure(address: "\(address.host):\(address.port)", reason: "\(error)")
        }
    }
}
