extension EnvoyManifest {
    /// The file that `envoy --config-path` takes.
    package var text: String {
        """
        # Envoy in front of Gatehouse, written by `gatehouse manifests envoy`. Change the Gatehouse configuration and write it
        # anew rather than editing this file: its header lists must agree with what Gatehouse sends.

        """ + YAMLWriter.text(bootstrap)
    }

    package var file: ManifestFile {
        ManifestFile(name: "envoy.yaml", text: text, isPrivate: gatehouse.proxySecret != nil)
    }

    /// `envoy.config.bootstrap.v3.Bootstrap`.
    var bootstrap: YAMLValue {
        adminSection.adding([
            "static_resources": ["listeners": .list(listeners.map(listener)), "clusters": .list(clusters)],
            "overload_manager": overloadManager,
        ])
    }

    private var adminSection: YAMLValue {
        guard let admin else { return [:] }
        return [
            "admin": .noted(
                "Anyone who reaches this address can stop Envoy and read its configuration.", ["address": socket(admin)])
        ]
    }

    private func listener(_ listener: Listener) -> YAMLValue {
        [
            "name": .string(label(listener)),
            "address": socket(listener.address),
            "per_connection_buffer_limit_bytes": .noted(
                "Bounds what one slow client can make Envoy hold.",
                // A body that the check is shown has to fit, or Envoy answers 413.
                .integer(keptPostBytes.map { 32768 + 2 * $0 } ?? 32768)),
            "filter_chains": [
                [
                    "filters": [
                        [
                            "name": "envoy.filters.network.http_connection_manager",
                            "typed_config": connectionManager(listener),
                        ]
                    ]
                ]
            ],
        ]
    }

    /// A name for a listener in logs and statistics.
    func label(_ listener: Listener) -> String {
        "\(listener.mode.rawValue)_\(listener.address.authority)"
    }

    /// `envoy.config.core.v3.Address`.
    func socket(_ address: NetworkAddress) -> YAMLValue {
        ["socket_address": ["address": .string(address.host), "port_value": .integer(address.port)]]
    }

    /// `envoy.config.overload.v3.OverloadManager`: Envoy sheds load before the machine kills it.
    private var overloadManager: YAMLValue {
        [
            "resource_monitors": [
                [
                    "name": "envoy.resource_monitors.global_downstream_max_connections",
                    "typed_config": typed(
                        "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                        ["max_active_downstream_connections": 50000]),
                ]
            ]
        ]
    }

    /// `value` as a `google.protobuf.Any` of the message `type`.
    func typed(_ type: String, _ value: YAMLValue = [:]) -> YAMLValue {
        let tag: YAMLValue = ["@type": .string("type.googleapis.com/" + type)]
        return tag.adding(value)
    }
}
