"""The shell examples of docs/provider run against a provider as they stand there."""
import re
import subprocess

import pytest

from support import paths
from support.client import Client
from support.code_flow import code_for, exchange
from support.fixtures import provider_fixture
from support.ledger import LEDGER
from support.provider_clients import CALLBACK, REGISTRATION_TOKEN, SECRETS
from support.stack import ClientAccount

PAGES = sorted((paths.ROOT / "docs/provider").glob("*.md"))
# What the answer of each has in it.
EXPECTED = {
    "openssl rand": r"^sha256:[0-9a-f]{64}$", "client_credentials": '"access_token":', "token-exchange": '"issued_token_type":',
    "/token/introspect": '"active":true', "/revoke": "^200$", "/device/code": '"user_code":', "/par": '"request_uri":',
    "/register": r"^204$", "acr_values_supported": r'\["pwd","mfa"\]$',
}


def examples():
    for page in PAGES:
        for number, text in enumerate(re.findall(r"^```sh\n(.*?)^```$", page.read_text(), re.S | re.M)):
            yield pytest.param(text, id=f"{page.name}-{number}")


provider = provider_fixture("provider-docs")


def test_there_are_examples():
    assert len(list(examples())) == len(EXPECTED)


@pytest.mark.parametrize("text", list(examples()))
def test_an_example_does_what_it_says(provider, text):
    account = ClientAccount("opaque", SECRETS["opaque"], CALLBACK)
    token = exchange(provider, account, code_for(provider, account, browser=Client())).json()["access_token"]
    name = "opaque" if "/revoke" in text or "/par" in text else "machine"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], capture_output=True, text=True, timeout=30,
        env={"PATH": "/usr/bin:/bin", "ISSUER": provider.issuer, "CLIENT": name, "SECRET": SECRETS[name], "TOKEN": token,
             "REGISTRATION_TOKEN": REGISTRATION_TOKEN,
             "REDIRECT_URI": CALLBACK})
    assert done.returncode == 0, done.stderr
    for found in re.findall(r'"(?:access_token|device_code|client_secret|registration_access_token)":"([^"]+)"', done.stdout):
        LEDGER.add(found, "a token of an example")
    expected = [pattern for words, pattern in EXPECTED.items() if words in text]
    assert len(expected) == 1 and re.search(expected[0], done.stdout.strip(), re.M), done.stdout
