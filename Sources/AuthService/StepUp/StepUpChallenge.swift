extension AuthenticationRequirement {
    /// The `WWW-Authenticate` that tells a program what is asked for (RFC 9470 §3, RFC 6750 §3.1). The values come from the configuration, which
    /// takes none with quotes.
    func challenge(_ lack: AuthenticationLack) -> String {
        var parameters = [
            ("realm", "gatehouse"), ("error", lack.error), ("error_description", lack.reason),
        ]
        if lack == .scopes { parameters.append(("scope", scopes.joined(separator: " "))) }
        if !acr.isEmpty { parameters.append(("acr_values", acr.joined(separator: " "))) }
        if let maxAge { parameters.append(("max_age", String(maxAge))) }
        return "Bearer " + parameters.map { "\($0)=\"\($1)\"" }.joined(separator: ", ")
    }
}
