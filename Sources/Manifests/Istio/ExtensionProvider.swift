extension IstioManifest {
    /// What the mesh calls Gatehouse.
    static let providerName = "gatehouse"

    /// To be merged into istiod's configuration, in the form that its Helm chart takes.
    package var meshFragment: ManifestFile? {
        guard options.insertion == .mesh else { return nil }
        return ManifestFile(name: "mesh.yaml", text: Self.fragmentNote + YAMLWriter.text(["meshConfig": meshConfiguration]))
    }

    private static let fragmentNote = """
        # For istiod's meshConfig: as values of its Helm chart, or by hand into the key `mesh` of the ConfigMap `istio`.
        # A list takes the place of the one that is there: keep your other extension providers in it.

        """

    /// The same as comments, for what prints all in one text.
    package var meshComment: String {
        (meshFragment?.text ?? "").split(separator: "\n").map { ($0.hasPrefix("#") ? "" : "#   ") + $0 + "\n" }.joined()
    }

    /// `istio.mesh.v1alpha1.MeshConfig`
    var meshConfiguration: YAMLValue {
        let provider: YAMLValue = ["name": .string(Self.providerName)]
        return [
            "extensionProviders": [provider.adding(options.check == .grpc ? grpcProvider : httpProvider)],
            "pathNormalization": .noted(
                "Gatehouse and the applications must see the same path, whatever is encoded or doubled in it.",
                ["normalization": "DECODE_AND_MERGE_SLASHES"]),
        ]
    }

    private var grpcProvider: YAMLValue {
        ["envoyExtAuthzGrpc": asked(workload.ports.checkGRPC).adding(requestBody(factor: 2))]
    }

    private var httpProvider: YAMLValue {
        [
            "envoyExtAuthzHttp": asked(workload.ports.checkHTTP).adding([
                "pathPrefix": "/envoy",
                "includeRequestHeadersInCheck": .strings(place.headersInCheck),
                "headersToUpstreamOnAllow": .strings(place.headersInAnswer),
                "headersToDownstreamOnAllow": ["set-cookie"],
            ]).adding(requestBody(factor: 1))
        ]
    }

    private func asked(_ port: ClusterPorts.Port) -> YAMLValue {
        [
            "service": .string(service), "port": .integer(port.number),
            "timeout": .noted("A sign-in callback waits for the provider's token endpoint; without it, 600 s would do.", "10s"),
            "failOpen": .noted("When Gatehouse cannot be asked, nobody passes.", false), "statusOnError": "503",
        ]
    }

    /// A form that is kept over a sign-in (`signIn.keepPosts`); over gRPC it may come back sealed.
    private func requestBody(factor: Int) -> YAMLValue {
        guard let bytes = place.keptPostBytes else { return [:] }
        return [
            "includeRequestBodyInCheck": [
                "maxRequestBytes": .integer(bytes * factor), "allowPartialMessage": true, "packAsBytes": true,
            ]
        ]
    }
}
