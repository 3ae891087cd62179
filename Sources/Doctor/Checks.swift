/// Every check, in the order in which they are printed.
package enum Checks {
    /// Of the configuration, and of whom it names.
    package static let configuration: [Check<Observations>] = [
        // What stands in the file.
        Check("configuration", ConfigurationCheck.judge),
        Check("cookies", CookieCheck.judge),
        Check("rules", RuleCheck.judge),
        Check("addresses", AddressCheck.judge),
        Check("files", FileCheck.judge),
        Check("certificates", CertificateCheck.judge),
        // Whom it names.
        Check("names", NameCheck.judge),
        Check("connections", ConnectionCheck.judge),
        Check("discovery", DiscoveryCheck.judge),
        Check("keys", KeyCheck.judge),
        Check("clocks", ClockCheck.judge),
        Check("redirect URIs", RedirectURICheck.judge),
        Check("directories", DirectoryCheck.judge),
        Check("storage", StorageCheck.judge),
        // Ourselves, as others reach us.
        Check("own issuer", OwnIssuerCheck.judge),
        Check("public URLs", PublicURLCheck.judge),
    ]

    /// Of the cluster's objects, with `--manifests`.
    package static let cluster: [Check<Cluster>] = [
        Check("objects", ObjectCheck.judge),
        Check("gateway asks", AskingCheck.judge),
        Check("mesh providers", MeshProviderCheck.judge),
        Check("mesh services", MeshServiceCheck.judge),
        Check("exemptions", ExemptionCheck.judge),
        Check("filter order", FilterOrderCheck.judge),
        Check("identity headers", IdentityHeaderCheck.judge),
        Check("path normalisation", PathNormalisationCheck.judge),
        Check("token keys", TokenKeyCheck.judge),
        Check("key refresh", KeyRefreshCheck.judge),
        Check("routes", RouteCheck.judge),
        Check("other policies", OtherPolicyCheck.judge),
        Check("replicas", ReplicaCheck.judge),
    ]
}
