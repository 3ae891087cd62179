"""Other relying parties, set up against our provider: Envoy's own filters, and mod_auth_openidc for Apache."""
import dataclasses
import urllib.parse

import requests

from bench import peers
from bench.gatehouse import BROWSER, PEER_CALLBACK, PEER_SECRET, USER, Gatehouse
from support.html import Page
from support.stack import password_of

@dataclasses.dataclass
class EnvoyOAuth2:
    port: int
    listener: dict
    secrets: list[dict]


def envoy_oauth2(gatehouse: Gatehouse, application: str) -> EnvoyOAuth2:
    """Envoy's oauth2 filter signs in and keeps the tokens in cookies; jwt_authn verifies the ID token and hands claims on."""
    port = gatehouse.peers["envoy"]
    oauth2 = {"name": "envoy.filters.http.oauth2", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.oauth2.v3.OAuth2",
        "config": {
            "token_endpoint": {"cluster": "gatehouse_web", "uri": f"{gatehouse.issuer}/token", "timeout": "5s"},
            "authorization_endpoint": f"{gatehouse.issuer}/auth",
            "redirect_uri": f"http://localhost:{port}{PEER_CALLBACK}",
            "redirect_path_matcher": {"path": {"exact": PEER_CALLBACK}}, "signout_path": {"path": {"exact": "/oauth2/sign-out"}},
            "credentials": {
                "client_id": "envoy", "token_secret": {"name": "token"}, "hmac_secret": {"name": "hmac"}},
            "auth_scopes": ["openid", "email", "profile", "groups"], "forward_bearer_token": True,
        },
    }}
    verify = {"name": "envoy.filters.http.jwt_authn", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        "providers": {"gatehouse": {
            "issuer": gatehouse.issuer, "audiences": ["envoy"], "from_cookies": ["IdToken"], "forward": True,
            "claim_to_headers": [
                {"header_name": "kubeflow-userid", "claim_name": "email"},
                {"header_name": "kubeflow-groups", "claim_name": "groups"}],
            "jwt_cache_config": {"jwt_cache_size": 1000},
            "remote_jwks": {
                "http_uri": {"uri": f"{gatehouse.issuer}/keys", "cluster": "gatehouse_web", "timeout": "5s"},
                "async_fetch": {"fast_listener": True}},
        }},
        "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "gatehouse"}}],
    }}

    def secret(name: str) -> dict:
        return {"name": name, "generic_secret": {"secret": {"inline_string": PEER_SECRET}}}

    return EnvoyOAuth2(
        port, peers.listener("oauth2", port, [oauth2, verify], [peers.to(application)]), [secret("token"), secret("hmac")])


def mod_auth_openidc(gatehouse: Gatehouse) -> tuple[int, list[str]]:
    port = gatehouse.peers["apache"]
    return port, [
        f"OIDCProviderMetadataURL {gatehouse.issuer}/.well-known/openid-configuration", "OIDCClientID apache",
        f"OIDCClientSecret {PEER_SECRET}", f"OIDCRedirectURI http://localhost:{port}{PEER_CALLBACK}", f"OIDCCryptoPassphrase {PEER_SECRET}",
        'OIDCScope "openid email profile groups"',
    ]


def signed_in_headers(gatehouse: Gatehouse, port: int) -> dict[str, str]:
    """Signs in at whatever listens on the port, and returns a browser's headers with the cookies that it got."""
    jars: dict[str, dict[str, str]] = {}

    def send(method: str, url: str, **options) -> requests.Response:
        # Secure cookies come back over plain HTTP too, as browsers do it for localhost.
        jar = jars.setdefault(urllib.parse.urlsplit(url).netloc, {})
        headers = BROWSER | {"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        response = requests.request(method, url, headers=headers, allow_redirects=False, timeout=10, **options)
        for line in response.raw.headers.getlist("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            jar[name] = value
        return response

    def follow(response: requests.Response) -> requests.Response:
        for _ in range(12):
            if "location" not in response.headers:
                return response
            response = send("GET", urllib.parse.urljoin(response.url, response.headers["location"]))
        raise AssertionError(f"no end of redirects: {response.headers['location']}")

    authority = f"localhost:{port}"
    page = follow(send("GET", f"http://{authority}/"))
    assert page.status_code == 200, f"{page.status_code} at {page.url}: {page.text[:300]}"
    form = Page(page.url, page.text).form_with("login", "password")
    end = follow(send("POST", form.action, data=form.fields | {"login": USER, "password": password_of(USER)}))
    assert end.status_code == 200 and end.url.startswith(f"http://{authority}/"), f"{end.status_code} at {end.url}: {end.text}"
    cookies = {name: value for name, value in jars[authority].items() if value and value != "deleted"}
    return {"host": authority, "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} | BROWSER
