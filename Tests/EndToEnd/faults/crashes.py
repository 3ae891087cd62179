"""SQLite: the program is killed at random moments while people sign in and out, and what is left is looked at each time."""
import contextlib
import dataclasses
import pathlib
import random
import shutil
import sqlite3
import tempfile
import time

from faults.crowd import Coming
from faults.look import look
from faults.site import Site

# Seconds after the start at the longest.
LATEST = 0.4


@dataclasses.dataclass
class Crashes:
    kills: int
    under_load: int
    """Those before which somebody had come or gone since the start."""
    damaged: int
    """Databases whose integrity check found something."""
    confirmed: int
    """Sign-ins and sign-outs that were confirmed."""
    lost: int
    """Sessions that were confirmed and are not there after the next start."""
    still_in: int
    """Sessions whose end was confirmed and which are there after it."""
    mixed_up: int

    def complaints(self) -> list[str]:
        """What is not as it must be."""
        checks = {
            "a database is damaged": self.damaged, "confirmed sign-ins are lost": self.lost,
            "confirmed sign-outs are lost": self.still_in, "somebody was taken for another": self.mixed_up,
            "too few were under load": self.under_load < self.kills * 0.8,
        }
        return [text for text, is_so in checks.items() if is_so]


def is_sound(file: pathlib.Path) -> bool:
    """Looked at in a copy: it is the program's own start that has to put things right."""
    with tempfile.TemporaryDirectory() as folder:
        for part in file.parent.glob(f"{file.name}*"):
            if not part.name.endswith("-shm"):
                shutil.copy(part, folder)
        with contextlib.closing(sqlite3.connect(pathlib.Path(folder) / file.name)) as database:
            try:
                return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            except sqlite3.DatabaseError:
                return False


def crash(site: Site, kills: int, seed: int) -> Crashes:
    moments = random.Random(seed)
    found = Crashes(kills, 0, 0, 0, 0, 0, 0)
    lost, still_in, mixed_up = set(), set(), set()
    with contextlib.ExitStack() as stack:
        people = [stack.enter_context(Coming(site.crowd)) for _ in range(3)]

        def confirmed() -> int:
            return sum(len(coming.came) + len(coming.left) for coming in people)

        for _ in range(kills):
            before = confirmed()
            time.sleep(moments.uniform(0.02, LATEST))
            site.store.kill()
            found.under_load += confirmed() > before
            found.damaged += not is_sound(site.store.file)
            site.store.start()
            # One process: a sign-out holds from the next request on. Of those who left long ago, only the last are asked about.
            seen = look(site, notice=0, ended=slice(-30, None))
            lost, still_in, mixed_up = lost | seen.lost, still_in | seen.still_in, mixed_up | seen.mixed_up
    seen = look(site, notice=0)
    found.confirmed = confirmed()
    found.lost, found.still_in = len(lost | seen.lost), len(still_in | seen.still_in)
    found.mixed_up = len(mixed_up | seen.mixed_up)
    return found
