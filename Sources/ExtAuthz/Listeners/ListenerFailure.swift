#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import NIOCore

/// Why a listener could not start.
package struct ListenerFailure: Error, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        case portTaken
        case notPermitted
        case noSuchAddress
        case other(String)
    }

    /// The listener's name in the settings, such as `checkGRPC`.
    package let listener: String
    package let address: ListenAddress
    package let reason: Reason

    package init(listener: String, address: ListenAddress, error: any Error) {
        self.listener = listener
        self.address = address
        reason = Reason(error)
    }

    package var description: String { "cannot listen on \(address) (\(listener)): \(reason.sentence)" }
}

extension ListenerFailure.Reason {
    fileprivate init(_ error: any Error) {
        if error is SocketAddressError.UnknownHost || error is SocketAddressError {
            self = .noSuchAddress
            return
        }
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE?: self = .portTaken
        case EACCES?, EPERM?: self = .notPermitted
        case EADDRNOTAVAIL?, ENOENT?: self = .noSuchAddress
        default: self = .other(String(describing: error))
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .portTaken: "another program listens there already"
        case .notPermitted: "this user may not listen there"
        case .noSuchAddress: "this host has no such address"
        case .other(let text): text
        }
    }
}
