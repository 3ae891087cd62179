"""Where things are, beside what `support.paths` knows."""
from support.paths import ROOT

BENCHMARKS = ROOT / "Benchmarks"
LOAD_SCRIPTS = BENCHMARKS / "load"
NULL_SERVER = BENCHMARKS / ".build" / "release" / "null-server"
PRELOADS = BENCHMARKS / "preload"
# Names for the linker, as scripts/release-flags reads them.
LINK_ORDER = ROOT / "packaging" / "link-order.gz"
PAGE = ROOT / "docs" / "benchmarks.md"
# What of it sizes are computed with.
SCALING = ROOT / "docs" / "scaling.md"
# Databases, logs and results of the runs.
FOLDER = ROOT / ".gatehouse" / "bench"
