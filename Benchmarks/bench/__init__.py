"""The benchmarks: `scripts/bench` runs them. Needs Tests/EndToEnd on the path, whose `support` starts the programs."""
