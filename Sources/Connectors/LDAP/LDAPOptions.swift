import CLDAP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sets what a connection must be, whatever the machine's own `ldap.conf` says.
struct LDAPOptions {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    func set(_ configuration: LDAPConfiguration) throws(LDAPFailure) {
        try set(LDAP_OPT_PROTOCOL_VERSION, 3)
        try set(LDAP_OPT_DEREF, 0)
        // Off.
        try check(ldap_set_option(handle, LDAP_OPT_REFERRALS, nil))
        guard configuration.encryption != .none else { return }
        try setTLS(configuration)
    }

    /// How long the next question may take. Where an answer stops in its middle the library waits in a read, for as long as the
    /// socket lets it: that has to know the limit as well.
    func set(connect: Duration, answer: Duration) throws(LDAPFailure) {
        try set(LDAP_OPT_NETWORK_TIMEOUT, connect)
        try set(LDAP_OPT_TIMEOUT, answer)
        var descriptor: Int32 = -1
        guard ldap_get_option(handle, LDAP_OPT_DESC, &descriptor) == LDAP_SUCCESS, descriptor >= 0 else { return }
        var limit = timeval(answer)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    private func setTLS(_ configuration: LDAPConfiguration) throws(LDAPFailure) {
        try set(LDAP_OPT_X_TLS_REQUIRE_CERT, configuration.verifiesCertificate ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER)
        // TLS 1.2 (RFC 8996).
        try set(LDAP_OPT_X_TLS_PROTOCOL_MIN, 0x303)
        try set(LDAP_OPT_X_TLS_CACERTFILE, configuration.rootCA ?? "/etc/ssl/certs/ca-certificates.crt")
        if let (certificate, key) = configuration.clientCertificate {
            try set(LDAP_OPT_X_TLS_CERTFILE, certificate)
            try set(LDAP_OPT_X_TLS_KEYFILE, key)
        }
        // The last: makes the context of what was set before. 0: a client's.
        try set(LDAP_OPT_X_TLS_NEWCTX, 0)
    }

    private func set(_ option: Int32, _ value: Int32) throws(LDAPFailure) {
        var value = value
        try check(ldap_set_option(handle, option, &value))
    }

    private func set(_ option: Int32, _ value: String) throws(LDAPFailure) {
        try check(ldap_set_option(handle, option, value))
    }

    private func set(_ option: Int32, _ limit: Duration) throws(LDAPFailure) {
        var value = timeval(limit)
        try check(ldap_set_option(handle, option, &value))
    }

    private func check(_ code: Int32) throws(LDAPFailure) {
        // A file of TLS that cannot be read is found here.
        guard code == LDAP_SUCCESS else {
            throw LDAPFailure(isTransient: false, "the options of the connection are refused; are the files of TLS there?")
        }
    }
}

extension timeval {
    /// At least a millisecond: with none the library would wait for ever, or not at all.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = max(duration, .milliseconds(1)).components
        self.init(tv_sec: Int(clamping: seconds), tv_usec: suseconds_t(attoseconds / 1_000_000_000_000))
    }
}
