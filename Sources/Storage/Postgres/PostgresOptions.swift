package import JOSE

/// Where a Postgres is, and how it is spoken to.
package struct PostgresOptions: Sendable {
    /// As libpq reads them: `postgres://user@host:5432/database?sslmode=verify-full`; several hosts are tried in their order.
    package var url: String
    package var password: Secret?
    /// PEM: who signs the server's certificate. With it the certificate has to be good for the host, unless `url` says otherwise.
    package var rootCA: String?
    /// Lower-case letters, digits and `_`; made when it is not there.
    package var schema: String
    package var connections: Int
    /// Seconds, for each host; at least 2.
    package var connectTime: Int64
    /// Seconds after which a call has failed, the wait for its turn included.
    package var time: Int64

    package init(
        url: String, password: Secret? = nil, rootCA: String? = nil, schema: String = "gatehouse", connections: Int = 8,
        connectTime: Int64 = 2, time: Int64 = 3
    ) {
        self.url = url
        self.password = password
        self.rootCA = rootCA
        self.schema = schema
        self.connections = connections
        self.connectTime = connectTime
        self.time = time
    }

    /// libpq's keywords (Postgres' documentation, "Parameter Key Words"): of two with the same name the later counts.
    var parameters: [(name: String, value: String)] {
        // What goes on underneath is given up, too: a peer that has vanished says nothing.
        var parameters = [
            ("application_name", "gatehouse"), ("keepalives_idle", "30"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "\(max(1, time) &* 1000)"),
        ]
        if let rootCA { parameters += [("sslmode", "verify-full"), ("sslrootcert", rootCA)] }
        parameters.append(("dbname", url))
        if let password { parameters.append(("password", password.text)) }
        return parameters + [
            ("client_encoding", "UTF8"), ("connect_timeout", "\(max(2, connectTime))"),
            // A standby would not know of what was written a moment ago.
            ("target_session_attrs", "read-write"),
        ]
    }

    /// What every connection begins with. A statement ends at the server, too, when nobody waits for it any more, and a transaction
    /// that is left open holds its locks for no longer.
    var preparation: String {
        """
        SET statement_timeout = '\(max(1, time))s';
        SET idle_in_transaction_session_timeout = '\(max(1, time))s';
        SET default_transaction_isolation = 'read committed';
        SET search_path = "\(schema)";
        """
    }
}
