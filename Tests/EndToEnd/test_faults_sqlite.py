"""One process on SQLite, 200 people who are signed in, and what can fail there (J, N): see docs/reliability.md."""
import sqlite3

import pytest

from faults.crashes import crash, is_sound
from faults.figures import count
from faults.site import SQLITE, Site
from faults.table import FAULTS, faults_of


@pytest.fixture(scope="module")
def site(make_stack, artifacts):
    site = Site(SQLITE, artifacts / "logs" / "sqlite-of-faults", make_stack)
    yield site
    site.end()


@pytest.mark.parametrize("fault", faults_of(SQLITE), ids=lambda fault: fault.name)
def test_nobody_is_let_in_lost_or_taken_for_another(site, fault):
    figures = count(site, fault)
    assert figures.complaints(fault) == [], figures


def test_a_program_that_is_killed_while_it_writes_loses_nothing(site):
    """`make faults` does it a hundred times."""
    crashes = crash(site, kills=100, seed=2)
    assert crashes.complaints() == [], crashes


def test_where_nothing_may_be_mounted_the_size_of_files_is_bounded(make_stack, artifacts):
    site = Site(SQLITE, artifacts / "logs" / "sqlite-with-a-bound", make_stack, mount=False, people=10)
    try:
        assert not site.store.disk.is_mounted
        (fault,) = [fault for fault in FAULTS if fault.name == "full"]
        assert count(site, fault).complaints(fault) == []
    finally:
        site.end()


def test_damage_is_found(tmp_path):
    file = tmp_path / "damaged.db"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE a (b UNIQUE)")
    database.executemany("INSERT INTO a VALUES (?)", [(f"{number:0100}",) for number in range(1000)])
    database.commit()
    database.close()
    assert is_sound(file)
    content = bytearray(file.read_bytes())
    content[20_000:28_000] = bytes(8000)
    file.write_bytes(content)
    assert not is_sound(file)
