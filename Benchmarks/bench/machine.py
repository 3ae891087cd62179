"""On what, and with which versions, the figures were measured."""
import datetime
import os
import platform
import re
import subprocess

from support import paths


def describe() -> dict[str, str]:
    return {
        "date": datetime.date.today().isoformat(),
        "processor": f"{os.cpu_count()} × " + _first("/proc/cpuinfo", r"^model name\s*:\s*(.*)$"),
        "memory": str(round(int(_first("/proc/meminfo", r"^MemTotal:\s*(\d+)")) / 1048576)) + " GiB",
        "kernel": platform.release(),
        "system": _first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)'),
        "Gatehouse": _version([str(paths.GATEHOUSE), "version"], r"(\d\S*)") + _commit(),
        "Swift": _version(["swift", "--version"], r"Swift version (\S+)"),
        "Envoy": _version([paths.envoy_binary(), "--version"], r"/(\d+\.\d+\.\d+)/"),
        "nginx": _version(["/usr/sbin/nginx", "-v"], r"nginx/(\S+)"),
        "Apache": _version(["/usr/sbin/apache2", "-v"], r"Apache/(\S+)"),
        "mod_auth_openidc": _package("libapache2-mod-auth-openidc"),
        "Glewlwyd": _package("glewlwyd"),
        "wrk": _package("wrk"),
        "h2load": _package("nghttp2-client"),
    }


def _first(file: str, pattern: str) -> str:
    with open(file) as content:
        found = re.search(pattern, content.read(), re.M)
    return found[1].strip() if found else "unknown"


def _version(command: list[str], pattern: str) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return "not installed"
    found = re.search(pattern, run.stdout + run.stderr)
    return found[1] if found else "unknown"


def _package(name: str) -> str:
    return _version(["dpkg-query", "--show", "--showformat", "${Version}", name], r"(\S+)")


def _commit() -> str:
    run = subprocess.run(
        ["git", "-C", str(paths.ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return f" ({run.stdout.strip()})" if run.returncode == 0 else ""
