import ArgumentParser
import JOSE
import RelyingParty
import Settings
import Web

/// Where the admin listener is, and how it is connected to.
struct AdminPlace: CustomStringConvertible {
    /// The beginning of its URLs.
    let base: String
    let description: String
    private var connection = ProviderConnection()

    /// Ends the command where the listener cannot be connected to with what is known of it.
    init(_ listener: ListenerSettings, _ options: AdminConnection) throws {
        switch listener.address {
        case .unix(let path):
            guard listener.tls == nil else { throw Self.failure("the commands speak no TLS over a Unix socket") }
            base = "http://localhost"
            description = "unix:\(path)"
            connection.socket = path
        case .tcp(let listened, let port):
            // On every address means this machine, too.
            let host = ["0.0.0.0", "::"].contains { sameBytes($0, listened) } ? "127.0.0.1" : listened
            let name = listener.tls == nil ? nil : options.serverName
            let authority = host.utf8.contains(UInt8(ascii: ":")) && name == nil ? "[\(host)]" : name ?? host
            base = "\(listener.tls == nil ? "http" : "https")://\(authority):\(port)"
            description = base
            if let name { connection.addresses[name] = host }
            // The operator's own listener, wherever they have put it.
            if listener.tls == nil { connection.plainHTTP = [base] }
        }
        if let tls = listener.tls { try trust(tls, options) }
    }

    /// Without an authority of its own: that of the system, and the listener's own certificate, where it has signed itself.
    private mutating func trust(_ tls: TLSSettings, _ options: AdminConnection) throws {
        if let ca = options.ca {
            connection.authorities = try Self.read(ca)
        } else {
            connection.furtherAuthorities = try Self.read(tls.certificate)
        }
        if let certificate = options.clientCertificate, let key = options.clientKey {
            connection.certificate = try Self.read(certificate)
            connection.certificateKey = Secret(try Self.read(key))
        }
    }

    /// For one use; to be shut down.
    /// - Parameter timeout: for the whole exchange.
    func exchange(timeout: Duration) throws -> HTTPProviderExchange {
        do throws(ProviderConnection.Unusable) { return try HTTPProviderExchange(connection, timeout: timeout) } catch {
            throw Self.failure("\(error)")
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        do throws(ConfigurationSources.Failure) {
            return try ConfigurationSources.process.file(path, 1 << 20).bytes
        } catch {
            throw failure("the file \(path) cannot be read (\(error.reason))")
        }
    }

    private static func failure(_ what: String) -> any Error {
        printError("gatehouse: \(what)")
        return ExitStatus.failed
    }
}
