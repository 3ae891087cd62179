"""Objects of a cluster, as far as they say what Envoy is to do: read from YAML, each a value with what it applies to."""
import dataclasses

import yaml

from istio.fields import Unknown, reading

# Objects of the workload itself and what does not touch the path of a request at the gateway.
ELSEWHERE = {
    "Namespace", "ServiceAccount", "ConfigMap", "Secret", "Deployment", "StatefulSet", "Service", "PodDisruptionBudget",
    "HorizontalPodAutoscaler", "NetworkPolicy", "ServiceMonitor", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding",
    "PersistentVolumeClaim", "Profile", "Kustomization", "Component",
}
VERSIONS = {
    "AuthorizationPolicy": ("security.istio.io/v1", "security.istio.io/v1beta1"),
    "RequestAuthentication": ("security.istio.io/v1", "security.istio.io/v1beta1"),
    "EnvoyFilter": ("networking.istio.io/v1alpha3",),
    "HTTPRoute": ("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"),
    "ReferenceGrant": ("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"),
    "VirtualService": ("networking.istio.io/v1", "networking.istio.io/v1beta1", "networking.istio.io/v1alpha3"),
    "DestinationRule": ("networking.istio.io/v1", "networking.istio.io/v1beta1", "networking.istio.io/v1alpha3"),
    "Gateway": ("networking.istio.io/v1", "networking.istio.io/v1beta1", "networking.istio.io/v1alpha3"),
    "PeerAuthentication": ("security.istio.io/v1", "security.istio.io/v1beta1"),
}


@dataclasses.dataclass
class Workload:
    """A proxy that is programmed: a gateway, or the sidecar of an application."""

    namespace: str
    labels: dict[str, str]
    # Names of the Gateway objects (Gateway API) that it stands for.
    gateways: tuple[str, ...] = ()


@dataclasses.dataclass
class Object:
    """One object: `spec` is untouched but for what says where it applies."""

    kind: str
    namespace: str
    name: str
    spec: dict
    selector: dict[str, str] | None = None
    targets: list[dict] | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"

    def applies_to(self, workload: Workload, root: str) -> bool:
        """By the labels of its own namespace's workloads, in the root namespace of all; or by name (`targetRefs`)."""
        if self.targets is not None:
            return self.namespace == workload.namespace and any(target in workload.gateways for target in self.targets)
        is_near = self.namespace in (workload.namespace, root)
        return is_near and (self.selector or {}).items() <= workload.labels.items()

    @property
    def rules(self) -> list:
        return self.spec.get("rules") or []

    @property
    def jwt_rules(self) -> list[dict]:
        return self.spec.get("jwtRules") or []


def read(text: str) -> list[Object]:
    """All documents of a file. A kind that is neither rendered nor known to belong elsewhere is an error."""
    return [found for document in yaml.safe_load_all(text) if document for found in _objects(document)]


def _objects(document: dict) -> list[Object]:
    if document.get("kind") == "List":
        return [found for item in document["items"] for found in _objects(item)]
    kind = document.get("kind")
    if kind in ELSEWHERE:
        return []
    if document.get("apiVersion") not in VERSIONS.get(kind, ()):
        raise Unknown(f"{document.get('apiVersion')} {kind}")
    return [_object(document)]


def _object(document: dict) -> Object:
    with reading(document, document["kind"]) as fields:
        fields.take("apiVersion")
        kind, metadata, spec = fields.take("kind"), fields.take("metadata"), dict(fields.take("spec", None) or {})
    if "istio.io/dry-run" in (metadata.get("annotations") or {}):
        raise Unknown(f"{kind} {metadata['name']}: a dry run")
    found = Object(kind, metadata.get("namespace", "default"), metadata["name"], spec)
    if kind in ("AuthorizationPolicy", "RequestAuthentication", "PeerAuthentication"):
        found.selector = _labels(spec.pop("selector", None), "matchLabels", found)
    if kind == "EnvoyFilter":
        found.selector = _labels(spec.pop("workloadSelector", None), "labels", found)
    references = spec.pop("targetRefs", None) or ([spec.pop("targetRef")] if "targetRef" in spec else None)
    if references:
        found.targets = [_target(reference, found) for reference in references]
    if kind in ("AuthorizationPolicy", "RequestAuthentication"):
        _only(found, {"rules", "action", "provider"} if kind == "AuthorizationPolicy" else {"jwtRules"})
    return found


def _labels(selector, name: str, found: Object) -> dict[str, str]:
    with reading(selector or {}, f"{found}: selector") as fields:
        return fields.take(name, {})


def _target(reference, found: Object) -> str:
    with reading(reference, f"{found}: targetRefs") as fields:
        fields.expect("group", "gateway.networking.k8s.io")
        fields.expect("kind", "Gateway")
        return fields.take("name")


def _only(found: Object, known: set[str]) -> None:
    if unknown := set(found.spec) - known:
        raise Unknown(f"{found}.spec: {', '.join(sorted(unknown))} not known")
