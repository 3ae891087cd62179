"""What Envoy Gateway programs its Envoys with for our objects: the same filters, in the same order, with what it has words for."""
import json
import subprocess

import yaml

from support import paths
from support.gateways import GatewayStack
from support.manifests import objects, the

TYPES = "type.googleapis.com/envoy."
CHECK = "envoy.filters.http.ext_authz/securitypolicy"
WORDS = {"RejectRequest": "REJECT_REQUEST", "DropHeader": "DROP_HEADER", "Sanitize": "SANITIZE"}


def typed(kind: str, **fields) -> dict:
    return {"@type": TYPES + kind, **fields}


def exactly(names: list[str]) -> dict:
    return {"patterns": [{"exact": name} for name in names]}


def check_filter(spec: dict) -> dict:
    """`ext_authz`, off unless a route puts it on."""
    common = {"transport_api_version": "V3", "failure_mode_allow": spec["failOpen"], "status_on_error": {"code": spec["statusOnError"]}}
    if "headersToExtAuth" in spec:
        common["allowed_headers"] = exactly(spec["headersToExtAuth"])
    if "grpc" in spec:
        service = {"grpc_service": {
            "envoy_grpc": {"cluster_name": "gatehouse_check_grpc", "authority": "gatehouse.gatehouse:9002"},
            "timeout": spec["timeout"]}}
    else:
        path = spec["http"]["path"]
        service = {"http_service": {
            "path_prefix": path,
            "server_uri": {
                "uri": f"http://gatehouse.gatehouse:9001{path}", "cluster": "gatehouse_check_http", "timeout": spec["timeout"]},
            "authorization_response": {"allowed_upstream_headers": exactly(spec["http"]["headersToBackend"])}}}
    return {"name": CHECK, "disabled": True,
            "typed_config": typed("extensions.filters.http.ext_authz.v3.ExtAuthz", **common, **service)}


def token_filter(spec: dict) -> dict:
    """`jwt_authn`, behind the check: it reads what an answer has set."""
    [provider] = spec["providers"]
    keys = provider["remoteJWKS"]
    one = {
        "issuer": provider["issuer"], "audiences": provider["audiences"], "forward": True,
        "from_headers": provider["extractFrom"]["headers"],
        "claim_to_headers": [
            {"header_name": entry["header"], "claim_name": entry["claim"]} for entry in provider.get("claimToHeaders", [])],
        "remote_jwks": {
            "http_uri": {"uri": keys["uri"], "cluster": "gatehouse_web", "timeout": "10s"},
            "cache_duration": keys["cacheDuration"],
            "async_fetch": {"failed_refetch_duration": keys["failedRefetchDuration"]}},
    }
    missing = [{"allow_missing": {}}] if spec["optional"] else []
    return {"name": "envoy.filters.http.jwt_authn", "typed_config": typed(
        "extensions.filters.http.jwt_authn.v3.JwtAuthentication", providers={provider["name"]: one},
        rules=[{"match": {"prefix": "/"}, "requires": {"requires_any": {
            "requirements": [{"provider_name": provider["name"]}, *missing]}}}])}


def early_removal(spec: dict) -> dict:
    matchers = {"Prefix": lambda value: {"prefix": value}, "RegularExpression": lambda value: {"safe_regex": {"regex": value}}}
    mutations = [{"remove": name} for name in spec["remove"]] + [
        {"remove_on_match": {"key_matcher": matchers[match["type"]](match["value"])}} for match in spec["removeOnMatch"]]
    return {"name": "envoy.http.early_header_mutation.header_mutation", "typed_config": typed(
        "extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation", mutations=mutations)}


def routes(page: dict, applications: list[dict]) -> list[dict]:
    """Our own paths and the applications', each with the check on: the policy is the whole Gateway's."""
    [rule] = page["rules"]
    ours = [{"match": {"path_separated_prefix": match["path"]["value"]}, "route": {"cluster": "gatehouse_web"}}
            for match in rule["matches"]]
    on = {CHECK: typed("config.route.v3.FilterConfig", config={})}
    return [route | {"typed_per_filter_config": on} for route in ours + applications]


def connection_manager(found: list[dict], applications: list[dict]) -> dict:
    client, security = the(found, "ClientTrafficPolicy")["spec"], the(found, "SecurityPolicy")["spec"]
    headers = client["headers"]
    return typed(
        "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", stat_prefix="gateway",
        normalize_path=True, merge_slashes=not client["path"]["disableMergeSlashes"],
        path_with_escaped_slashes_action=WORDS[client["path"]["escapedSlashesAction"]],
        common_http_protocol_options={"headers_with_underscores_action": WORDS[headers["withUnderscoresAction"]]},
        forward_client_cert_details=WORDS[headers["xForwardedClientCert"]["mode"]],
        early_header_mutation_extensions=[early_removal(headers["earlyRequestHeaders"])],
        use_remote_address=True, upgrade_configs=[{"upgrade_type": "websocket"}],
        http_filters=[
            check_filter(security["extAuth"]), *([token_filter(security["jwt"])] if "jwt" in security else []),
            {"name": "envoy.filters.http.router", "typed_config": typed("extensions.filters.http.router.v3.Router")}],
        route_config={"virtual_hosts": [
            {"name": "all", "domains": ["*"], "routes": routes(the(found, "HTTPRoute")["spec"], applications)}]})


class EnvoyGateway(GatewayStack):
    """Its addresses are those of a plain Envoy's configuration; all else is what the objects say."""

    manifest = "envoy-gateway"
    options: tuple = ()
    listen = "grpc="

    def __init__(self, folder):
        super().__init__(folder)
        # What the objects are written for.
        self.source = self.file

    def command(self) -> list:
        return [paths.envoy_binary(), "--config-path", self.folder / "envoy.yaml", "--concurrency", 1,
                "--disable-hot-restart", "--log-level", "warning"]

    def write_manifest(self) -> None:
        plain = yaml.safe_load(self.printed(
            "envoy", "--listen", f"{self.listen}127.0.0.1:{self.port}", "--upstream", f"/echo/=127.0.0.1:{self.ports.echo}",
            "--upstream", f"/public/=127.0.0.1:{self.ports.echo}", "--upstream", f"/=127.0.0.1:{self.ports.dashboard}"))
        [listener] = plain["static_resources"]["listeners"]
        network = listener["filter_chains"][0]["filters"][0]
        [host] = network["typed_config"]["route_config"]["virtual_hosts"]
        applications = [route for route in host["routes"] if "prefix" in route["match"]]
        found = objects(self.printed("envoy-gateway", "--replicas", 1, *self.options))
        network["typed_config"] = connection_manager(found, applications)
        (self.folder / "envoy.yaml").write_text(yaml.safe_dump(plain))

    def printed(self, kind: str, *options) -> str:
        made = subprocess.run(
            [paths.GATEHOUSE, "manifests", kind, "--config", self.source, *map(str, options)], capture_output=True, text=True,
            timeout=30, check=False, env=self.gatehouse.environment)
        assert made.returncode == 0, made.stderr
        return made.stdout


class OverHTTP(EnvoyGateway):
    options = ("--check", "http")
    listen = "http="


class WithTokens(EnvoyGateway):
    """Gatehouse runs with what the ConfigMap has: it sets no identity headers, the gateway makes them of the assertion."""

    options = ("--mode", "token")

    def __init__(self, folder):
        super().__init__(folder)
        self.source = folder / "source.json"
        self.source.write_text(json.dumps(self.configuration))
        identity = self.configuration["authService"]["identity"]
        identity["strip"] += identity.pop("headers")

    def write_manifest(self) -> None:
        super().write_manifest()
        text = the(objects(self.printed("envoy-gateway", "--replicas", 1, *self.options)), "ConfigMap")["data"]["gatehouse.yaml"]
        assert yaml.safe_load(text)["authService"]["identity"] == self.configuration["authService"]["identity"]
