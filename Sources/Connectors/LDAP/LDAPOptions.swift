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

    /// - Parameters: the two limits are in seconds.
    func set(_ configuration: LDAPConfiguration, connect: Int, answer: Int) throws(LDAPFailure) {
        try set(LDAP_OPT_PROTOCOL_VERSION, 3)
        try set(LDAP_OPT_DEREF, 0)
        // Off.
        try check(ldap_set_option(handle, LDAP_OPT_REFERRALS, nil))
        try set(LDAP_OPT_NETWORK_TIMEOUT, seconds: connect)
        try set(LDAP_OPT_TIMEOUT, seconds: answer)
        guard configuration.encryption != .none else { return }
        try setTLS(configuration)
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

    private func set(_ option: Int32, seconds: Int) throws(LDAPFailure) {
        var value = timeval(tv_sec: seconds, tv_usec: 0)
        try check(ldap_set_option(handle, option, &value))
    }

    private func check(_ code: Int32) throws(LDAPFailure) {
        // A file of TLS that cannot be read is found here.
        guard code == LDAP_SUCCESS else {
            throw LDAPFailure(isTransient: false, "the options of the connection are refused; are the files of TLS there?")
        }
    }
}
