"""AuthorizationPolicy as Envoy's RBAC (`envoy.config.rbac.v3`)."""
import re

from istio import matchers
from istio.fields import Fields, Unknown, reading

JWT_FILTER = "envoy.filters.http.jwt_authn"
# What a CUSTOM policy leaves behind begins so, and the ext_authz filter is switched on by it.
CUSTOM_PREFIX = "istio-ext-authz"
METADATA_KEY = "experimental.envoy.filters."
RBAC_TYPE = matchers.TYPE + "envoy.extensions.filters.http.rbac.v3.RBAC"


def rules(policies: list, action: str, ports: dict[int, int], provider: str | None = None) -> dict:
    """The RBAC of all policies of one action, each rule under a name of its own. A policy without rules matches nothing.
    `ports` are those of the workload, and where each of them is on loopback."""
    named = {}
    for policy in policies:
        prefix = f"{CUSTOM_PREFIX}-{provider}-" if provider else ""
        name = f"{prefix}ns[{policy.namespace}]-policy[{policy.name}]"
        for index, rule in enumerate(policy.rules):
            named[f"{name}-rule[{index}]"] = _policy(rule, f"{policy}.rules[{index}]", ports, provider is not None)
        if not policy.rules:
            named[f"{name}-rule[0]"] = {"permissions": [{"not_rule": {"any": True}}], "principals": [{"not_id": {"any": True}}]}
    return {"action": action, "policies": named}


def _policy(rule, where: str, ports: dict[int, int], is_custom: bool) -> dict:
    with reading(rule or {}, where) as fields:
        sources = [_source(entry, f"{where}.from", is_custom) for entry in fields.take("from", [])] or [[]]
        operations = [_operation(entry, f"{where}.to", ports) for entry in fields.take("to", [])] or [[]]
        conditions, facts = [], []
        for entry in fields.take("when", []):
            if entry.get("key", "").startswith(METADATA_KEY):
                facts += _fact(entry, f"{where}.when")
            else:
                conditions.append(_condition(entry, f"{where}.when", is_custom))
    return {
        "permissions": [{"and_rules": {"rules": operation + facts or [{"any": True}]}} for operation in operations],
        "principals": [
            {"and_ids": {"ids": source + sum(conditions, []) or [{"any": True}]}} for source in sources],
    }


def _operation(entry, where: str, ports: dict[int, int]) -> list[dict]:
    with reading(entry, where) as outer, reading(outer.take("operation"), f"{where}.operation") as fields:
        return (
            _permissions(fields, "hosts", lambda value: {"header": matchers.header(":authority", value, ignore_case=True)})
            + _permissions(fields, "methods", lambda value: {"header": matchers.header(":method", value)})
            + _permissions(fields, "paths", matchers.path)
            + _permissions(fields, "ports", lambda value: {"destination_port": ports.get(int(value), int(value))}))


def _source(entry, where: str, is_custom: bool) -> list[dict]:
    with reading(entry, where) as outer, reading(outer.take("source"), f"{where}.source") as fields:
        if is_custom and (fields.has("requestPrincipals") or fields.has("notRequestPrincipals")):
            raise Unknown(f"{where}: a CUSTOM policy sees no request principals, as it comes before jwt_authn")
        return (
            _principals(fields, "principals", _peer)
            + _principals(fields, "requestPrincipals", _request_principal)
            + _principals(fields, "namespaces", _namespace)
            + _principals(fields, "ipBlocks", lambda value: {"direct_remote_ip": _range(value)})
            + _principals(fields, "remoteIpBlocks", lambda value: {"remote_ip": _range(value)}))


def _condition(entry, where: str, is_custom: bool) -> list[dict]:
    with reading(entry, where) as fields:
        key = fields.take("key")
        if found := re.fullmatch(r"request\.headers\[([^]]+)\]", key):
            def one(value: str) -> dict:
                return {"header": matchers.header(found[1], value)}
        elif key == "source.namespace":
            one = _namespace
        elif key == "source.principal":
            one = _peer
        elif key == "request.auth.principal" and not is_custom:
            one = _request_principal
        else:
            raise Unknown(f"{where}: the key {key}")
        return _principals(fields, "values", one)


def _fact(entry, where: str) -> list[dict]:
    """`experimental.envoy.filters.NAME[KEY]`: what another filter has left in the metadata, one text."""
    with reading(entry, where) as fields:
        key = fields.take("key").removeprefix("experimental.")
        found = re.fullmatch(r"([^\[\]]+)\[([^\[\]]+)\]", key)
        if not found:
            raise Unknown(f"{where}: the key {key}")

        def one(value: str) -> dict:
            if value.startswith("["):
                raise Unknown(f"{where}: a list of metadata")
            return {"metadata": matchers.metadata(found[1], [found[2]], {"string_match": matchers.text(value)})}
        return _permissions(fields, "values", one)


def _permissions(fields: Fields, name: str, one) -> list[dict]:
    """`paths` and `notPaths`: any of the first, none of the second."""
    yes, no = ([one(value) for value in fields.strings(field)] for field in (name, _negated(name)))
    return (
        ([{"or_rules": {"rules": yes}}] if yes else []) + ([{"not_rule": {"or_rules": {"rules": no}}}] if no else []))


def _principals(fields: Fields, name: str, one) -> list[dict]:
    yes, no = ([one(value) for value in fields.strings(field)] for field in (name, _negated(name)))
    return ([{"or_ids": {"ids": yes}}] if yes else []) + ([{"not_id": {"or_ids": {"ids": no}}}] if no else [])


def _negated(name: str) -> str:
    return f"not{name[0].upper()}{name[1:]}"


def _peer(value: str) -> dict:
    """An mTLS identity, without its scheme (`cluster.local/ns/x/sa/y`)."""
    if value.startswith("*") and value != "*":
        return {"authenticated": {"principal_name": {"safe_regex": {"regex": f"spiffe://.*{re.escape(value[1:])}"}}}}
    pattern = value if value == "*" else f"spiffe://{value}"
    return {"authenticated": {"principal_name": matchers.text(pattern)}}


def _namespace(value: str) -> dict:
    pattern = value.replace("*", ".*")
    return {"authenticated": {"principal_name": {"safe_regex": {"regex": f".*/ns/{pattern}/.*"}}}}


def _request_principal(value: str) -> dict:
    """`iss/sub` of a token that jwt_authn has verified, cut at the last slash."""
    if value == "*":
        issuer, subject = "*", "*"
    elif "*" in value:
        issuer, found, subject = value.rpartition("/")
        if not found or "*" in issuer or subject != "*":
            raise Unknown(f"the request principal {value}")
    else:
        issuer, _, subject = value.rpartition("/")
    claims = [("iss", issuer), ("sub", subject)]
    return {"and_ids": {"ids": [
        {"metadata": matchers.metadata(JWT_FILTER, ["payload", name], {"string_match": matchers.text(pattern)})}
        for name, pattern in claims]}}


def _range(value: str) -> dict:
    address, _, length = value.partition("/")
    return {"address_prefix": address, "prefix_len": int(length or (128 if ":" in address else 32))}
