"""What `gatehouse manifests istio` writes, taken apart: objects for the mesh, its configuration, and Gatehouse's own workload."""
import base64
import dataclasses
import pathlib
import subprocess

import yaml

from istio import objects
from istio.fields import Unknown
from istio.registry import Place, speaks_http2
from support import paths

CONFIGURATION, SECRETS, DATA = "/etc/gatehouse/config", "/etc/gatehouse/secrets", "/var/lib/gatehouse"


@dataclasses.dataclass
class Written:
    """One run of the command."""

    documents: list[dict]
    mesh: dict

    @classmethod
    def by(cls, file: pathlib.Path, folder: pathlib.Path, environment: dict, *options: str) -> "Written":
        """With a configuration file and options, into a folder; for any host, as Kubeflow's routes are."""
        made = subprocess.run(
            [paths.GATEHOUSE, "manifests", "istio", "--config", file, "--replicas", "1", "--host", "*", *options, "--out", folder],
            capture_output=True, text=True, timeout=60, check=False, env=environment)
        assert made.returncode == 0, made.stderr
        names = yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]
        fragment = folder / "mesh.yaml"
        mesh = yaml.safe_load(fragment.read_text())["meshConfig"] if fragment.exists() else {}
        return cls([found for name in names for found in yaml.safe_load_all((folder / name).read_text())], mesh)

    def mesh_objects(self) -> list[objects.Object]:
        return objects.read(yaml.safe_dump_all(self.documents))

    def one(self, kind: str) -> dict:
        (found,) = [document for document in self.documents if document["kind"] == kind]
        return found

    @property
    def pod(self) -> dict:
        return self.one("Deployment")["spec"]["template"]

    @property
    def workload(self) -> objects.Workload:
        """Gatehouse's pods."""
        return objects.Workload(self.one("Deployment")["metadata"]["namespace"], self.pod["metadata"]["labels"])

    @property
    def ports(self) -> dict[str, int]:
        """Those of its pods, by name."""
        (container,) = self.pod["spec"]["containers"]
        return {port["name"]: port["containerPort"] for port in container["ports"]}

    def places(self, sidecars: dict[str, int], tls: dict) -> dict[str, Place]:
        """The ports of the Service, each at its pods' sidecar."""
        service = self.one("Service")
        if not service["spec"]["selector"].items() <= self.workload.labels.items():
            raise Unknown("the Service finds no pods")
        host = f"{service['metadata']['name']}.{service['metadata']['namespace']}.svc.cluster.local"
        return {
            f"{host}:{port['port']}": Place(sidecars[port["targetPort"]], speaks_http2(port), tls)
            for port in service["spec"]["ports"] if port["targetPort"] in sidecars}

    def unpack(self, folder: pathlib.Path, data: pathlib.Path) -> tuple[str, dict[str, str]]:
        """The ConfigMap's configuration with the Secret in a folder and its database in another: (text, environment)."""
        secret = self.one("Secret")
        values = {name: value.encode() for name, value in secret.get("stringData", {}).items()} | {
            name: base64.b64decode(value) for name, value in secret.get("data", {}).items()}
        for name, value in values.items():
            (folder / name).write_bytes(value)
            (folder / name).chmod(0o600)
        (container,) = self.pod["spec"]["containers"]
        environment = {
            entry["name"]: values[entry["valueFrom"]["secretKeyRef"]["key"]].decode() for entry in container.get("env", [])}
        (text,) = self.one("ConfigMap")["data"].values()
        return text.replace(SECRETS, str(folder)).replace(DATA, str(data)), environment
