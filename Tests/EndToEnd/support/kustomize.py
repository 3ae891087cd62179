"""Kustomize as kubectl has it, and a cluster that knows nothing but `apply` and `delete`."""
import subprocess
import sys
from pathlib import Path

import yaml

from support import paths

KUBECTL = Path(sys.executable).parent / "kubectl"
VALIDATOR = paths.ROOT.parent / "shared/tools/validate-manifests"
CLUSTER_WIDE = {
    "Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Profile", "PersistentVolume"}


def build(folder) -> list[dict]:
    result = subprocess.run([KUBECTL, "kustomize", str(folder)], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return [document for document in yaml.safe_load_all(result.stdout) if document]


def key(thing: dict) -> tuple:
    """What no two objects of a cluster share: kind, namespace, name."""
    meta = thing["metadata"]
    return thing["kind"], None if thing["kind"] in CLUSTER_WIDE else meta.get("namespace", "default"), meta["name"]


def keyed(things: list[dict]) -> dict[tuple, dict]:
    found = {key(thing): thing for thing in things}
    assert len(found) == len(things), "an object is there twice"
    return found


def validate(place) -> None:
    """Holds a file's or folder's objects to the schemas of their kinds."""
    result = subprocess.run([sys.executable, VALIDATOR, place], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr


class Cluster:
    """Its objects; a namespace that goes takes its objects along."""

    def __init__(self):
        self.objects: dict[tuple, dict] = {}

    def apply(self, things: list[dict]) -> None:
        self.objects |= keyed(things)

    def delete(self, things: list[dict]) -> None:
        for thing in things:
            self.objects.pop(key(thing), None)
            if thing["kind"] == "Namespace":
                gone = thing["metadata"]["name"]
                self.objects = {key: value for key, value in self.objects.items() if key[1] != gone}
