import CLDAP
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ends the making of a connection that takes too long: the library's own time-outs are not for TLS' handshake, in which a server that
/// says nothing would keep a thread for ever.
///
/// `@unchecked Sendable`: `callback` is written before the library has it, and only read after.
final class LDAPWatch: @unchecked Sendable {
    private struct State {
        /// A descriptor of our own for the connection's socket: the library may close its own at any time.
        var socket: Int32?
        var isOver = false
        var isCut = false
    }

    private let state = Mutex(State())
    private let callback = UnsafeMutablePointer<ldap_conncb>.allocate(capacity: 1)

    init() {
        callback.initialize(
            to: ldap_conncb(
                lc_add: { _, buffer, _, _, context in
                    guard let owner = context?.pointee.lc_arg else { return LDAP_SUCCESS }
                    var descriptor: Int32 = -1
                    ber_sockbuf_ctrl(buffer, LBER_SB_OPT_GET_FD, &descriptor)
                    Unmanaged<LDAPWatch>.fromOpaque(owner).takeUnretainedValue().connected(descriptor)
                    return LDAP_SUCCESS
                },
                lc_del: { _, _, _ in }, lc_arg: nil))
        callback.pointee.lc_arg = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        end()
        callback.deallocate()
    }

    /// Whether the connection was ended.
    var isCut: Bool { state.withLock { $0.isCut } }

    /// Has to outlive `handle`, whose connection is ended after `limit` unless `end` comes first.
    func begin(_ handle: OpaquePointer, _ limit: Duration) {
        ldap_set_option(handle, LDAP_OPT_CONNECT_CB, callback)
        Task { [weak self] in
            try? await Task.sleep(for: limit)
            self?.cut()
        }
    }

    func end() {
        state.withLock { state in
            state.isOver = true
            if let socket = state.socket { close(socket) }
            state.socket = nil
        }
    }

    private func connected(_ descriptor: Int32) {
        state.withLock { state in
            guard !state.isOver else { return }
            if let socket = state.socket { close(socket) }
            let own = dup(descriptor)
            state.socket = own >= 0 ? own : nil
            if state.isCut { shutdown(own, Int32(SHUT_RDWR)) }
        }
    }

    private func cut() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.isCut = true
            if let socket = state.socket { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }
}
