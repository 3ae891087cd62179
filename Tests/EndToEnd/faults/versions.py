"""What was tried."""
import datetime
import os
import pathlib
import re
import subprocess

from support import paths
from support.postgres import binary


def describe(is_mounted: bool) -> dict[str, str]:
    return {
        "date": datetime.date.today().isoformat(),
        "processors": f"{os.cpu_count()}",
        "system": _first(pathlib.Path("/etc/os-release").read_text(), r'^PRETTY_NAME="?([^"\n]*)'),
        "Gatehouse": _version(paths.GATEHOUSE, "version"),
        "Envoy": _version(paths.envoy_binary(), "--version", pattern=r"/(\d+\.\d+\.\d+)/"),
        "Postgres": _version(binary("postgres"), "--version"),
        "Redis": _version("redis-server", "--version"),
        "the disk that is full": "a file system of its own" if is_mounted else "a bound on the size of files (nothing could be mounted)",
    }


def _first(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.M)
    return found[1] if found else "unknown"


def _version(*command: object, pattern: str = r"(\d+\.\d\S*)") -> str:
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=20, check=False)
    return _first(run.stdout + run.stderr, pattern)
