extension EnvoyManifest {
    /// JSON lines on standard output. Without the query, which carries authorization codes and state, and without any
    /// header that holds a credential.
    var accessLog: YAMLValue {
        [
            [
                "name": "envoy.access_loggers.stdout",
                "typed_config": typed(
                    "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
                    ["log_format": ["json_format": fields]]),
            ]
        ]
    }

    private var fields: YAMLValue {
        let fields: YAMLValue = [
            "time": "%START_TIME%",
            "request_id": "%REQ(X-REQUEST-ID)%",
            "client": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
            "method": "%REQ(:METHOD)%",
            "host": "%REQ(:AUTHORITY)%",
            "path": .noted("Without the query: sign-in callbacks carry an authorization code in it.", "%PATH(NQ:PATH)%"),
            "status": "%RESPONSE_CODE%",
            "flags": "%RESPONSE_FLAGS%",
            "details": "%RESPONSE_CODE_DETAILS%",
            "duration_ms": "%DURATION%",
            "upstream": "%UPSTREAM_HOST%",
            "bytes_received": "%BYTES_RECEIVED%",
            "bytes_sent": "%BYTES_SENT%",
            "check": .noted(
                "What Gatehouse says about its decision (over gRPC).", "%DYNAMIC_METADATA(envoy.filters.http.ext_authz)%"),
        ]
        return fields.adding(assertion == nil ? [:] : ["user": "%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:assertion:sub)%"])
    }
}
