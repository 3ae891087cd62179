"""RequestAuthentication as jwt_authn (`envoy.extensions.filters.http.jwt_authn.v3`)."""
import functools
import json
import urllib.parse

from istio import matchers
from istio.fields import reading
from istio.policies import JWT_FILTER
from support.jws import Key

TYPE = matchers.TYPE + "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication"


@functools.cache
def nobodys_keys() -> str:
    """What istiod puts in place of keys that it could not fetch: a made-up one, which verifies nothing, until it tries again."""
    return json.dumps({"keys": [Key("made-up").jwk()]})


def token_filter(objects: list, fetch) -> dict | None:
    """The filter for the rules of all objects, in the order of their issuers. `fetch(url)` gives a key set's text or raises
    OSError: by default istiod fetches the keys, not the gateway."""
    found = [(rule, f"{entry}.jwtRules[{index}]") for entry in objects for index, rule in enumerate(entry.jwt_rules)]
    if not found:
        return None
    found.sort(key=lambda pair: pair[0].get("issuer", ""))
    providers = {f"origins-{index}": _provider(rule, where, fetch) for index, (rule, where) in enumerate(found)}
    return {"name": JWT_FILTER, "typed_config": {
        "@type": TYPE, "providers": providers, "bypass_cors_preflight": True,
        "rules": [{"match": {"prefix": "/"}, "requires": _requirement(list(providers))}],
    }}


def _requirement(names: list[str]) -> dict:
    """A good token of any issuer, or for each place where one could be: a good one or none."""
    each = [{"requires_any": {"requirements": [{"provider_name": name}, {"allow_missing": {}}]}} for name in names]
    if len(each) == 1:
        return each[0]
    return {"requires_any": {"requirements": [
        *({"provider_name": name} for name in names), {"requires_all": {"requirements": each}}]}}


def _provider(rule: dict, where: str, fetch) -> dict:
    with reading(rule, where) as fields:
        provider = {
            "issuer": fields.take("issuer"), "audiences": fields.strings("audiences"),
            "forward": fields.take("forwardOriginalToken", False),
            "forward_payload_header": fields.take("outputPayloadToHeader", ""),
            "payload_in_metadata": "payload",
            "normalize_payload_in_metadata": {"space_delimited_claims": ["permission", "scope"]},
            "claim_to_headers": [_claim(entry, where) for entry in fields.take("outputClaimToHeaders", [])],
            "from_headers": [_location(entry, where) for entry in fields.take("fromHeaders", [])],
            "from_params": fields.strings("fromParams"), "from_cookies": fields.strings("fromCookies"),
            "local_jwks": {"inline_string": _keys(fields, fetch)},
        }
        fields.take("timeout", "5s")
    return {name: value for name, value in provider.items() if value not in ("", [], False)}


def _keys(fields, fetch) -> str:
    if fields.has("jwks"):
        return fields.take("jwks")
    url = fields.take("jwksUri", None) or f"{fields.where}: no keys"
    try:
        return fetch(url)
    except OSError:
        return nobodys_keys()


def _claim(entry, where: str) -> dict:
    with reading(entry, f"{where}.outputClaimToHeaders") as fields:
        return {"header_name": fields.take("header"), "claim_name": fields.take("claim")}


def _location(entry, where: str) -> dict:
    with reading(entry, f"{where}.fromHeaders") as fields:
        return {"name": fields.take("name"), "value_prefix": fields.take("prefix", "")}


def host_and_port(url: str) -> tuple[str, int]:
    parts = urllib.parse.urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
