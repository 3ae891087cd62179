package import JOSE
import NIOCore
import NIOSSL

/// Where Redis (or Valkey) is, and as whom we use it.
package struct RedisConfiguration: Sendable {
    package enum Place: Sendable, Equatable {
        case server(RedisAddress)
        /// Sentinels know which server is the master of this name at the moment.
        case sentinels([RedisAddress], master: String)
        /// Nodes of a cluster, any of which tells where our keys are.
        case cluster([RedisAddress])
    }

    package var place: Place
    package var account: RedisAccount
    /// For the sentinels, which have users of their own.
    package var sentinelAccount: RedisAccount
    package var tls: RedisTLS?
    package var database: Int
    /// What all keys begin with, in braces: in a cluster all of them are in one slot, and what belongs together changes together.
    package var prefix: String
    /// Milliseconds that a command may take.
    package var timeout: Int64

    package init(
        place: Place, account: RedisAccount = RedisAccount(), sentinelAccount: RedisAccount = RedisAccount(),
        tls: RedisTLS? = nil, database: Int = 0, prefix: String = "gatehouse", timeout: Int64 = 2000
    ) {
        self.place = place
        self.account = account
        self.sentinelAccount = sentinelAccount
        self.tls = tls
        self.database = database
        self.prefix = prefix
        self.timeout = timeout
    }

    var patience: TimeAmount { .milliseconds(timeout) }
}

package enum RedisAddress: Sendable, Hashable {
    case tcp(host: String, port: Int)
    case unix(path: String)

    var text: String {
        switch self {
        case .tcp(let host, let port): "\(host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host):\(port)"
        case .unix(let path): path
        }
    }
}

/// A user of Redis' access control list; without a name the default one.
package struct RedisAccount: Sendable {
    package var user: String?
    package var password: Secret?

    package init(user: String? = nil, password: Secret? = nil) {
        self.user = user
        self.password = password
    }
}

/// How the connection is encrypted: the server's certificate has to be for its name or its address.
package struct RedisTLS: Sendable {
    package struct Unusable: Error {
        package let reason: String
    }

    private let context: NIOSSLContext

    /// - Parameters:
    ///   - authorities: PEM; `nil`: the system's.
    ///   - certificate: our own with what stands between it and its root, in PEM.
    package init(authorities: [UInt8]?, certificate: [UInt8]?, key: Secret?) throws(Unusable) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorities { configuration.trustRoots = .certificates(try Self.certificates(authorities)) }
        if let certificate, let key {
            configuration.certificateChain = try Self.certificates(certificate).map { .certificate($0) }
            guard let key = try? NIOSSLPrivateKey(bytes: key.bytes, format: .pem) else {
                throw Unusable(reason: "the client certificate's key is no private key in PEM")
            }
            configuration.privateKey = .privateKey(key)
        }
        do { context = try NIOSSLContext(configuration: configuration) } catch {
            throw Unusable(reason: "the certificate and its key do not fit together")
        }
    }

    private static func certificates(_ pem: [UInt8]) throws(Unusable) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(pem), !certificates.isEmpty else {
            throw Unusable(reason: "a file holds no certificate in PEM")
        }
        return certificates
    }

    func handler(for address: RedisAddress) throws -> NIOSSLClientHandler {
        guard case .tcp(let host, _) = address, (try? SocketAddress(ipAddress: host, port: 0)) == nil else {
            return try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
        return try NIOSSLClientHandler(context: context, serverHostname: host)
    }
}
