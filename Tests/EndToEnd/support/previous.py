"""The program as it was before."""
import pathlib
import warnings

from support import paths

FOLDER = paths.ROOT / ".cache" / "previous"


def previous_program() -> pathlib.Path:
    """What scripts/build-previous has made. Where the history does not hold it, the program of today, and a warning says so."""
    program = FOLDER / "gatehouse"
    if program.exists():
        return program.resolve()
    assert (FOLDER / "none").exists(), "run scripts/build-previous"
    warnings.warn((FOLDER / "none").read_text().strip(), stacklevel=2)
    return paths.GATEHOUSE
