"""Istio's patterns as Envoy's matchers. `*` alone means any value that is not empty, at the beginning a suffix, at the end a prefix."""
from istio.fields import Unknown

TYPE = "type.googleapis.com/"


def text(pattern: str, ignore_case: bool = False) -> dict:
    """A StringMatcher."""
    if pattern == "*":
        return {"safe_regex": {"regex": ".+"}}
    if pattern.startswith("*"):
        matcher = {"suffix": pattern[1:]}
    elif pattern.endswith("*"):
        matcher = {"prefix": pattern[:-1]}
    else:
        matcher = {"exact": pattern}
    return matcher | ({"ignore_case": True} if ignore_case else {})


def header(name: str, pattern: str, ignore_case: bool = False) -> dict:
    """A HeaderMatcher; `*` is presence, even of an empty value."""
    return {"name": name} | ({"present_match": True} if pattern == "*" else {"string_match": text(pattern, ignore_case)})


def path(pattern: str) -> dict:
    """An RBAC permission. `{*}` is one segment and `{**}` any number; a plain `/x/**` is no template but the prefix `/x/*`."""
    if "{" not in pattern and "}" not in pattern:
        return {"url_path": {"path": text(pattern)}}
    template = pattern.replace("{**}", "**").replace("{*}", "*")
    if "{" in template or "}" in template:
        raise Unknown(f"the path template {pattern}")
    return {"uri_template": {
        "name": "uri-template",
        "typed_config": {
            "@type": TYPE + "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig", "path_template": template},
    }}


def metadata(name: str, keys: list[str], value: dict) -> dict:
    """A MetadataMatcher."""
    return {"filter": name, "path": [{"key": key} for key in keys], "value": value}


def headers_list(patterns: list[str]) -> dict | None:
    """A ListStringMatcher over names of headers; nil where none is named. A lone `*` is refused by Istio itself."""
    if not patterns:
        return None
    if "*" in patterns:
        raise Unknown("a single * among names of headers")
    return {"patterns": [text(pattern, ignore_case=True) for pattern in patterns]}
