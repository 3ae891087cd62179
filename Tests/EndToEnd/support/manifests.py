"""Configurations for clusters, and the objects that `gatehouse manifests` writes for them."""
import itertools
import json
import pathlib
import subprocess
import sys

import yaml

from support import paths
from support.certificates import Authority
from support.ledger import LEDGER

VALIDATE = paths.ROOT.parent / "shared/tools/validate-manifests"
NUMBERS = itertools.count()
SECRETS = {name: f"{name}-is-a-secret-of-thirty-two-bytes-or-more" for name in (
    "cookie.key", "client.secret", "postgres.password", "proxy.secret")}
POSTGRES = {"postgres": {
    "url": "postgres://gatehouse@database.data.svc:5432/gatehouse", "password": {"file": "postgres.password"}}}


def configuration(**changes) -> dict:
    """Two public hosts and a pattern, a provider of its own, another program's paths, an assertion."""
    service = {
        "publicURLs": ["https://apps.example.com", "https://admin.example.com"],
        "publicHosts": ["*.apps.example.com"],
        "secrets": [{"file": "cookie.key"}],
        "compatibility": ["oauth2-proxy"],
        "providers": [{"id": "local", "embedded": True, "clientID": "gatehouse"}],
        "identity": {
            "headers": {"kubeflow-userid": "email", "x-auth-request-user": "preferred_username"},
            "strip": ["x-forwarded-user", "x-auth-request-*"],
            "assertion": {"header": "x-gatehouse-assertion", "audience": "apps"},
        },
        "rules": [{"paths": ["/public/*"], "allow": "anyone"}, {"when": {"headers": {"x-tenant": "blue"}}, "allow": "nobody"}],
    } | changes.pop("authService", {})
    return {
        "storage": POSTGRES,
        "authService": service,
        "provider": {
            "issuer": "https://apps.example.com/dex",
            "clients": [{
                "id": "gatehouse", "secret": {"file": "client.secret"},
                "redirectURIs": [f"https://{host}.example.com/oauth2/callback" for host in ("apps", "admin")]}],
        },
    } | changes


def secured() -> dict:
    tls = {"certificate": {"file": "tls.crt"}, "key": {"file": "tls.key"}}
    return {name: {"address": f"0.0.0.0:{port}", "tls": tls} for name, port in
            {"web": 9000, "checkHTTP": 9001, "checkGRPC": 9002}.items()}


def prepare(folder: pathlib.Path) -> pathlib.Path:
    """A folder with the files that configurations name."""
    for name, value in SECRETS.items():
        (folder / name).write_text(LEDGER.add(value, name))
        (folder / name).chmod(0o600)
    Authority(folder, "cluster").issue("tls", "gatehouse.gatehouse.svc.cluster.local")
    return folder


def manifests(folder: pathlib.Path, kind: str, settings: dict, *options) -> subprocess.CompletedProcess:
    """What `gatehouse manifests KIND` says for a configuration."""
    file = folder / f"gatehouse-{next(NUMBERS)}.yaml"
    file.write_text(json.dumps(settings, indent=1))  # which is YAML, without the anchors that YAML's writer makes
    return subprocess.run(
        [paths.GATEHOUSE, "manifests", kind, "--config", file.name, *map(str, options)], capture_output=True, text=True,
        timeout=60, cwd=folder, check=False)


def written(folder, kind: str, settings: dict, *options) -> str:
    made = manifests(folder, kind, settings, *options)
    assert made.returncode == 0, f"{kind} {options}: {made.stderr}"
    return made.stdout


def objects(text: str) -> list[dict]:
    return [document for document in yaml.load_all(text, Loader=yaml.CSafeLoader) if document]


def the(found: list[dict], kind: str) -> dict:
    [one] = [document for document in found if document["kind"] == kind]
    return one


def validate(folder: pathlib.Path, found: list[dict]) -> int:
    """Holds objects to the schemas, strictly, in one go: each that differs from the others once. How many those were."""
    monitors = [document for document in found if document["kind"] == "ServiceMonitor"]
    for monitor in monitors:  # no schema of its kind is at hand
        assert_is_a_service_monitor(monitor)
    distinct = {json.dumps(document, sort_keys=True) for document in found} - {
        json.dumps(monitor, sort_keys=True) for monitor in monitors}
    (folder / "objects.yaml").write_text("".join(f"---\n{text}\n" for text in sorted(distinct)))
    checked = subprocess.run(
        [sys.executable, VALIDATE, folder / "objects.yaml"], capture_output=True, text=True, timeout=300, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout == f"{len(distinct)} objects checked, 0 built-in objects not checked, 0 errors\n"
    return len(distinct)


def assert_is_a_service_monitor(document: dict) -> None:
    assert document["apiVersion"] == "monitoring.coreos.com/v1" and set(document["spec"]) == {"selector", "endpoints"}
    for endpoint in document["spec"]["endpoints"]:
        assert {"port", "path", "interval"} <= set(endpoint) <= {"port", "path", "interval", "scheme", "tlsConfig"}
