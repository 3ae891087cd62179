"""What was found, as JSON: kept between runs, so that one engine can be looked at again."""
import dataclasses
import json
import pathlib

from faults.crashes import Crashes
from faults.figures import Figures


class Results:
    def __init__(self, file: pathlib.Path, afresh: bool):
        self.file = file
        self.versions: dict[str, str] = {}
        # By engine and fault.
        self.figures: dict[str, dict[str, Figures]] = {}
        self.crashes: Crashes | None = None
        if file.exists() and not afresh:
            content = json.loads(file.read_text())
            self.versions = content["versions"]
            self.figures = {
                engine: {name: Figures(**figures) for name, figures in found.items()}
                for engine, found in content["figures"].items()}
            self.crashes = Crashes(**content["crashes"]) if content["crashes"] else None

    def write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({
            "versions": self.versions,
            "figures": {
                engine: {name: dataclasses.asdict(figures) for name, figures in found.items()}
                for engine, found in self.figures.items()},
            "crashes": dataclasses.asdict(self.crashes) if self.crashes else None,
        }, indent=1))
