extension EnvoyManifest {
    /// `envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext`: TLS to one of Gatehouse's listeners.
    func transport(_ tls: GatehouseTLS, speaking application: String) -> YAMLValue {
        let name: YAMLValue = tls.serverNameIsAddress ? [:] : ["sni": .string(tls.serverName)]
        return [
            "name": "envoy.transport_sockets.tls",
            "typed_config": typed(
                "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                name.adding([
                    "common_tls_context": common(tls, application)
                ])),
        ]
    }

    private func common(_ tls: GatehouseTLS, _ application: String) -> YAMLValue {
        let own: YAMLValue =
            tls.client.map { client in
                [
                    "tls_certificates": [
                        [
                            "certificate_chain": ["filename": .string(client.certificate)],
                            "private_key": ["filename": .string(client.key)],
                        ]
                    ]
                ]
            } ?? [:]
        return own.adding([
            "alpn_protocols": .strings([application]),
            "tls_params": ["tls_minimum_protocol_version": "TLSv1_2"],
            "validation_context": .noted(
                "Another Gatehouse than ours could let anybody in: its certificate must be of our authority, for our name.",
                [
                    "trusted_ca": ["filename": .string(tls.authority)],
                    "match_typed_subject_alt_names": [
                        [
                            "san_type": tls.serverNameIsAddress ? "IP_ADDRESS" : "DNS",
                            "matcher": ["exact": .string(tls.serverName)],
                        ]
                    ],
                ]),
        ])
    }
}
