import CLDAP
import JOSE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One connection to one server of a directory. Every call blocks, for no longer than the time-outs.
///
/// `@unchecked Sendable`: it goes from thread to thread, but whoever has it has taken it out of the pool, so that no two use it
/// at the same time.
final class LDAPConnection: @unchecked Sendable {
    /// What a server says to a password.
    enum BindOutcome {
        case bound
        case refused(reason: String)
    }

    let host: String
    /// Of what it is used for now.
    var deadline: LDAPDeadline
    private let handle: OpaquePointer
    private let limits: LDAPConfiguration.Limits
    /// Until the connection is made.
    private let watch = LDAPWatch()

    init(to host: String, _ configuration: LDAPConfiguration, until deadline: LDAPDeadline) throws(LDAPFailure) {
        self.host = host
        self.deadline = deadline
        limits = configuration.limits
        var made: OpaquePointer?
        let scheme = configuration.encryption == .tls ? "ldaps" : "ldap"
        let code = ldap_initialize(&made, "\(scheme)://\(host)")
        guard code == LDAP_SUCCESS, let made else { throw LDAPFailure(code, "connect to \(host)", note: nil) }
        handle = made
        try LDAPOptions(handle).set(configuration)
        // Now, and not with the first question: that one's limits are the socket's as well, which has to be there for it.
        _ = try limitNext()
        watch.begin(handle, try deadline.share(of: limits.connect + limits.answer))
        defer { watch.end() }
        let connected = ldap_connect(handle)
        guard connected == LDAP_SUCCESS else { throw failure(watch.isCut ? LDAP_TIMEOUT : connected, "connect to \(host)") }
        guard configuration.encryption == .startTLS else { return }
        // Before anything else is said: a server that will not is told no password.
        _ = try limitNext()
        let started = ldap_start_tls_s(handle, nil, nil)
        guard started == LDAP_SUCCESS else { throw failure(watch.isCut ? LDAP_TIMEOUT : started, "StartTLS with \(host)") }
    }

    deinit { ldap_unbind_ext_s(handle, nil, nil) }

    /// A simple bind (RFC 4513 section 5.1.3). `password` is not empty: with an empty one a server says yes to anybody.
    func bind(_ dn: String, _ password: Secret) throws(LDAPFailure) -> BindOutcome {
        guard !password.isEmpty, !password.bytes.contains(0) else { return .refused(reason: "the password is empty") }
        _ = try limitNext()
        var bytes = password.bytes.map { CChar(bitPattern: $0) }
        let code = bytes.withUnsafeMutableBufferPointer { buffer in
            var credentials = berval(bv_len: ber_len_t(buffer.count), bv_val: buffer.baseAddress)
            return ldap_sasl_bind_s(handle, dn, nil, &credentials, nil, nil, nil)
        }
        switch code {
        case LDAP_SUCCESS: return .bound
        // Of the last three, directories say the middle two for accounts that are locked or whose password has to be changed.
        case LDAP_INVALID_CREDENTIALS, LDAP_INAPPROPRIATE_AUTH, LDAP_UNWILLING_TO_PERFORM, LDAP_CONSTRAINT_VIOLATION,
            LDAP_NO_SUCH_OBJECT:
            return .refused(reason: String(cString: ldap_err2string(code)))
        default: throw failure(code, "bind at \(host)")
        }
    }

    /// As the configuration's service account, where there is one.
    func bindAsAccount(_ configuration: LDAPConfiguration) throws(LDAPFailure) -> BindOutcome {
        guard let (dn, password) = configuration.account else { return .bound }
        return try bind(dn, password)
    }

    /// All entries, page by page (RFC 2696) where the server can. Referrals are not followed: nobody vouches for where they lead.
    func search(_ search: LDAPSearch) throws(LDAPFailure) -> [LDAPEntry] {
        var paging = LDAPPaging(handle)
        var entries: [LDAPEntry] = []
        repeat {
            let (page, code) = try page(of: search, &paging)
            entries += page
            guard entries.count <= search.limit, code != LDAP_SIZELIMIT_EXCEEDED else {
                guard search.limit > 1 else { return Array(entries.prefix(2)) }
                throw LDAPFailure(isTransient: false, "search below \(search.base): more than \(search.limit) entries")
            }
        } while paging.hasMore
        return entries
    }

    private func page(
        of search: LDAPSearch, _ paging: inout LDAPPaging
    ) throws(LDAPFailure) -> (entries: [LDAPEntry], code: Int32) {
        var result: OpaquePointer?
        var limit = timeval(try limitNext())
        let code = paging.run { controls in
            LDAPStrings.withArray(search.attributes) { attributes in
                ldap_search_ext_s(
                    handle, search.base, search.scope.code, search.filter, attributes, 0, controls, nil, &limit,
                    // Servers refuse to be asked for more than they give at once: only the small limit is told them.
                    search.limit == 1 ? 2 : 0, &result)
            }
        }
        defer { ldap_msgfree(result) }
        switch code {
        case LDAP_SUCCESS, LDAP_SIZELIMIT_EXCEEDED:
            paging.advance(behind: result)
            return (LDAPStrings.entries(in: result, handle), code)
        case LDAP_NO_SUCH_OBJECT: return ([], code)
        default: throw failure(code, "search below \(search.base) at \(host)")
        }
    }

    /// - Returns: how long the next question may take.
    private func limitNext() throws(LDAPFailure) -> Duration {
        let answer = try deadline.share(of: limits.answer)
        try LDAPOptions(handle).set(connect: try deadline.share(of: limits.connect), answer: answer)
        return answer
    }

    private func failure(_ code: Int32, _ what: String) -> LDAPFailure {
        guard code != LDAP_TIMEOUT || !deadline.isOver else { return deadline.failure(isSpent: true) }
        var text: UnsafeMutablePointer<CChar>?
        ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text)
        defer { ldap_memfree(text) }
        let note = text.map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        return LDAPFailure(code, what, note: note)
    }
}

extension LDAPConfiguration.Scope {
    /// RFC 4511 section 4.5.1.2.
    fileprivate var code: Int32 {
        switch self {
        case .base: 0
        case .one: 1
        case .sub: 2
        }
    }
}
