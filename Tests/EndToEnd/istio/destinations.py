"""DestinationRule: how the mesh treats a service's endpoints, as settings of its clusters."""
from istio import matchers
from istio.fields import Fields, Unknown, reading
from istio.objects import Object

HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def apply(rule: Object, clusters: dict[str, dict]) -> None:
    """To every port of the host."""
    with reading(rule.spec, f"{rule}.spec") as fields:
        host = fields.take("host")
        policy = fields.take("trafficPolicy")
    found = [cluster for name, cluster in clusters.items() if name.startswith("outbound|") and name.endswith(f"|{host}")]
    if not found:
        raise Unknown(f"{rule}: no service {host}")
    for cluster in found:
        with reading(policy, f"{rule}.trafficPolicy") as fields:
            _pool(fields.take("connectionPool", {}), rule, cluster)
            _outliers(fields.take("outlierDetection", None), rule, cluster)


def _pool(value, rule: Object, cluster: dict) -> None:
    with reading(value, f"{rule}.connectionPool") as fields:
        with reading(fields.take("tcp", {}), f"{rule}.tcp") as tcp:
            cluster["connect_timeout"] = tcp.take("connectTimeout", "10s")
            limits = _limits(tcp, {"maxConnections": "max_connections"})
        with reading(fields.take("http", {}), f"{rule}.http") as http:
            limits |= _limits(http, {"http1MaxPendingRequests": "max_pending_requests", "http2MaxRequests": "max_requests"})
            if (idle := http.take("idleTimeout", None)):
                _http(cluster)["common_http_protocol_options"] = {"idle_timeout": idle}
    cluster["circuit_breakers"] = {"thresholds": [limits]}


def _limits(fields: Fields, names: dict[str, str]) -> dict:
    """Without a word, Istio sets no limit."""
    return {envoy: fields.take(istio, 4294967295) for istio, envoy in names.items()}


def _http(cluster: dict) -> dict:
    options = cluster.setdefault("typed_extension_protocol_options", {}).setdefault(
        HTTP_OPTIONS, {"@type": matchers.TYPE + HTTP_OPTIONS, "explicit_http_config": {"http_protocol_options": {}}})
    return options


def _outliers(value, rule: Object, cluster: dict) -> None:
    """What has the number 0 is not enforced."""
    if value is None:
        return
    with reading(value, f"{rule}.outlierDetection") as fields:
        found = {
            "interval": fields.take("interval", "10s"), "base_ejection_time": fields.take("baseEjectionTime", "30s"),
            "max_ejection_percent": fields.take("maxEjectionPercent", 10), "enforcing_success_rate": 0,
            "split_external_local_origin_errors": fields.take("splitExternalLocalOriginErrors", False),
        }
        for name, envoy in [
            ("consecutive5xxErrors", "consecutive_5xx"), ("consecutiveGatewayErrors", "consecutive_gateway_failure"),
            ("consecutiveLocalOriginFailures", "consecutive_local_origin_failure"),
        ]:
            count = fields.take(name, 5 if envoy == "consecutive_5xx" else 0)
            found |= {f"enforcing_{envoy}": 100 if count else 0} | ({envoy: count} if count else {})
        panic = fields.take("minHealthPercent", 0)
    cluster["outlier_detection"] = found
    cluster["common_lb_config"] = {"healthy_panic_threshold": {"value": panic}}
