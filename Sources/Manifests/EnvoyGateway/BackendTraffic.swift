extension EnvoyGatewayManifest {
    /// For the routes to our own pages.
    var pageTraffic: KubernetesObject {
        let target: YAMLValue = [
            "targetRefs": [
                ["group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": .string(GatewayAPIManifest.routeName)]
            ]
        ]
        return base.workload.object("BackendTrafficPolicy", "gateway.envoyproxy.io/v1alpha1", ["spec": target.adding(replicas)])
    }

    /// How a gateway goes about several replicas: as `EnvoyManifest.replicas`, `retryPolicy` and `checkLimits`.
    var replicas: YAMLValue {
        [
            "healthCheck": .noted(
                "Of several replicas, one that cannot be reached is not asked for some seconds.",
                [
                    "panicThreshold": 1,
                    "passive": [
                        "splitExternalLocalOriginErrors": true, "consecutiveLocalOriginFailures": 1, "consecutive5XxErrors": 0,
                        "interval": "1s", "baseEjectionTime": "1s", "maxEjectionPercent": 100,
                    ],
                ]),
            "retry": .noted(
                "Only what has not reached a replica is sent to another.",
                [
                    "numRetries": 2,
                    "retryOn": ["triggers": ["connect-failure", "refused-stream", "reset-before-request"]],
                    "perRetry": ["backOff": ["baseInterval": "10ms", "maxInterval": "10s"]],
                ]),
            "circuitBreaker": .noted(
                "Every request needs a check: the default limits (1024) would refuse requests that the applications could take.",
                ["maxConnections": 10000, "maxPendingRequests": 10000, "maxParallelRequests": 100_000]),
            "timeout": ["tcp": ["connectTimeout": "1s"]],
        ]
    }
}
