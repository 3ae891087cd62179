/// What of the distribution goes where Gatehouse comes: Dex, oauth2-proxy, what sends the gateway to them, and the OIDC AuthService
/// of before. A distribution has some of it, by its version and its overlays.
enum KubeflowRemoval {
    /// Namespaces with nothing else in them: they go with everything that they hold.
    static let namespaces = ["auth", "oauth2-proxy"]

    /// Beside what is in those.
    static let objects: [KubeflowTarget] = gateway + serviceAccounts + dex + oidcAuthService

    private static let dex = [
        KubeflowTarget("CustomResourceDefinition", "apiextensions.k8s.io/v1", "authcodes.dex.coreos.com", nil),
        KubeflowTarget("ClusterRole", rbac, "dex", nil),
        KubeflowTarget("ClusterRoleBinding", rbac, "dex", nil),
    ]

    /// Policies and filters at the gateway. oauth2-proxy's cookie was taken away by one of them.
    private static let gateway = [
        KubeflowTarget("AuthorizationPolicy", security, "istio-ingressgateway-oauth2-proxy", mesh),
        KubeflowTarget("AuthorizationPolicy", security, "istio-ingressgateway-require-jwt", mesh),
        KubeflowTarget("RequestAuthentication", security, "dex-jwt", mesh),
        KubeflowTarget("EnvoyFilter", networking, "gateway-remove-kubeflow-cookie", mesh),
    ]

    /// Tokens of service accounts, and the job that wrote the cluster's issuer into the first of these. `cluster-jwks-proxy` stays:
    /// KServe's gateway may ask it.
    private static let serviceAccounts = [
        KubeflowTarget("RequestAuthentication", security, "m2m-token-issuer", mesh),
        KubeflowTarget("CronJob", "batch/v1", configurator, mesh),
        KubeflowTarget("ServiceAccount", "v1", configurator, mesh),
        KubeflowTarget("Role", rbac, configurator, mesh),
        KubeflowTarget("RoleBinding", rbac, configurator, mesh),
        KubeflowTarget("ConfigMap", "v1", configurator + "-envs", mesh),
        KubeflowTarget("ConfigMap", "v1", configurator + "-script", mesh),
    ]

    /// Up to Kubeflow 1.8.
    private static let oidcAuthService = [
        KubeflowTarget("EnvoyFilter", networking, "authn-filter", mesh),
        KubeflowTarget("StatefulSet", "apps/v1", "authservice", mesh),
        KubeflowTarget("Service", "v1", "authservice", mesh),
        KubeflowTarget("ServiceAccount", "v1", "authservice", mesh),
        KubeflowTarget("PersistentVolumeClaim", "v1", "authservice-pvc", mesh),
        KubeflowTarget("ConfigMap", "v1", "oidc-authservice-parameters", mesh),
        KubeflowTarget("Secret", "v1", "oidc-authservice-client", mesh),
        KubeflowTarget("ClusterRole", rbac, "authn-delegator", nil),
        KubeflowTarget("ClusterRoleBinding", rbac, "authn-delegators", nil),
    ]

    static let mesh = "istio-system"
    private static let configurator = "kubeflow-m2m-oidc-configurator"
    private static let rbac = "rbac.authorization.k8s.io/v1"
    private static let security = "security.istio.io/v1"
    private static let networking = "networking.istio.io/v1alpha3"

    /// As Kustomize takes them: a target that nothing answers to is none of its errors.
    static var targets: [YAMLValue] {
        namespaces.flatMap { name -> [YAMLValue] in
            [["kind": "Namespace", "name": .string(name)], ["namespace": .string(name)]]
        } + objects.map(\.pattern)
    }

    /// For `kubectl delete`: what a cluster has of it when the overlay is applied for the first time.
    static var leftovers: [YAMLValue] {
        // The policies first: until they are gone, the gateway lets nobody in.
        objects.map(\.reference) + namespaces.map { KubeflowTarget("Namespace", "v1", $0, nil).reference }
    }
}

/// An object of the distribution.
struct KubeflowTarget {
    let kind: String
    let apiVersion: String
    let name: String
    let namespace: String?

    init(_ kind: String, _ apiVersion: String, _ name: String, _ namespace: String?) {
        (self.kind, self.apiVersion, self.name, self.namespace) = (kind, apiVersion, name, namespace)
    }

    /// Of any version of its kind.
    var pattern: YAMLValue {
        let named: YAMLValue = ["kind": .string(kind), "name": .string(name)]
        return named.adding(namespace.map { ["namespace": .string($0)] } ?? [:])
    }

    /// The object and nothing of what it says.
    var reference: YAMLValue {
        let named: YAMLValue = ["name": .string(name)]
        return [
            "apiVersion": .string(apiVersion), "kind": .string(kind),
            "metadata": named.adding(namespace.map { ["namespace": .string($0)] } ?? [:]),
        ]
    }
}
