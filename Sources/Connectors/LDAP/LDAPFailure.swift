import CLDAP

/// Why a directory has not answered a question.
struct LDAPFailure: Error {
    /// Whether another connection, or another server, may do better.
    let isTransient: Bool
    /// Whether the connection is of no more use: it is gone, or the question on it may still be open.
    let isSpent: Bool
    /// For the log: no secret.
    let detail: String

    init(isTransient: Bool, isSpent: Bool = false, _ detail: String) {
        self.isTransient = isTransient
        self.isSpent = isSpent
        self.detail = detail
    }

    /// - Parameters:
    ///   - what: what we wanted, such as "bind as cn=…".
    ///   - note: what the server, or TLS, says beside the code.
    init(_ code: Int32, _ what: String, note: String?) {
        let reason = String(cString: ldap_err2string(code))
        detail = "\(what): \(reason)" + (note.map { " (\($0))" } ?? "")
        isTransient =
            switch code {
            case LDAP_SERVER_DOWN, LDAP_TIMEOUT, LDAP_CONNECT_ERROR, LDAP_UNAVAILABLE, LDAP_BUSY, LDAP_LOCAL_ERROR,
                LDAP_TIMELIMIT_EXCEEDED:
                true
            default: false
            }
        isSpent = isTransient
    }
}
