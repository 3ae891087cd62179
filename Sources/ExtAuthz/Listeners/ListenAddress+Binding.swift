#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
package import NIOCore
package import NIOPosix

extension ListenAddress {
    /// Listens here; a Unix socket that is left over from before is replaced.
    package func bind(_ bootstrap: ServerBootstrap) async throws -> any Channel {
        switch self {
        case .tcp(let host, let port):
            try await bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1).bind(host: host, port: port).get()
        case .unix(let path):
            try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        }
    }

    /// With the real port where 0 was asked for.
    package func bound(to local: SocketAddress?) -> ListenAddress {
        guard case .tcp(let host, let port) = self else { return self }
        return .tcp(host: host, port: local?.port ?? port)
    }

    /// Takes away the Unix socket of a listener that was closed.
    package func removeSocket() {
        guard case .unix(let path) = self else { return }
        _ = unlink(path)
    }

    /// A gateway's user may be another one than ours: a Unix socket is open to our group, and to nobody else. On failure the
    /// socket stays closed to the group.
    package func openToOwnGroup() {
        guard case .unix(let path) = self else { return }
        _ = chmod(path, 0o660)
    }
}
