"""Every YAML example of the documentation is a configuration that `config check` takes."""
import os
import re
import subprocess

import pytest

from support import paths
from support.certificates import Authority

HASH = "$2b$10$1x0OVZ3KF/z6GUh6/XJSFuHim3oFwdrq0KlJdt4k920Qfda/E8Dk."
PAGES = [paths.ROOT / "README.md", *sorted((paths.ROOT / "docs").rglob("*.md"))]


def examples():
    for page in PAGES:
        for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```$", page.read_text(), re.S | re.M)):
            if re.search(r"^(authService|provider):", text, re.M):
                yield pytest.param(text, id=f"{page.name}-{number}")


def test_there_are_examples():
    assert len(list(examples())) >= 3


@pytest.mark.parametrize("text", list(examples()))
def test_an_example_is_a_good_configuration(text, tmp_path):
    authority = Authority(tmp_path, "gateways")
    authority.issue("tls", "gatehouse.internal")
    for name in ("cookie.key", "client.secret", "proxy.secret"):
        (tmp_path / name).write_text("0123456789abcdef" * 4)
        (tmp_path / name).chmod(0o600)
    file = tmp_path / "gatehouse.yaml"
    file.write_text(text.replace('"…"', HASH))
    result = subprocess.run(
        [paths.GATEHOUSE, "config", "check", str(file)], capture_output=True, text=True, timeout=20,
        env={**os.environ, "CORP_SECRET": "a-secret-of-the-client", "LDAP_PASSWORD": "of-the-service"})
    assert result.returncode == 0, result.stderr
    assert ": ok" in result.stdout
