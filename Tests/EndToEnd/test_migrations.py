"""The tables of one version and the next (J): what has been brought up to date is what a new store is made of, and one step ahead does not
disturb."""
import contextlib
import sqlite3

from support import paths
from support.code_flow import code_for
from support.engines import PostgresEngine
from support.pair import Pair
from support.previous import previous_program
from support.trials import exchanged, refreshed
from support.versions import Versions


def shape_of_schema(engine: PostgresEngine, schema: str) -> list[str]:
    """Columns and indices of a schema of Postgres."""
    lines = engine.server.execute(
        "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) FROM information_schema.columns "
        f"WHERE table_schema = '{schema}'")
    lines += engine.server.execute(f"SELECT replace(indexdef, '{schema}.', '') FROM pg_indexes WHERE schemaname = '{schema}'")
    return sorted(lines)


def test_tables_that_the_new_one_brought_up_to_date_are_those_that_it_makes(artifacts, provider):
    """Or else a step that had shipped has changed."""
    engine = PostgresEngine(artifacts / "logs" / "upgrade-steps")
    for schema, programs in (("grown", (previous_program(), paths.GATEHOUSE)), ("made", (paths.GATEHOUSE,))):
        storage = {"postgres": engine.storage["postgres"] | {"schema": schema}}
        pair = Versions(artifacts / "logs" / f"upgrade-steps-{schema}", provider, storage)
        for program in programs:
            pair.become(program)
            pair.start_first()
        pair.kill()
    made = shape_of_schema(engine, "made")
    assert shape_of_schema(engine, "grown") == made and len(made) > 50
    engine.end()


def shape_of_file(pair: Pair) -> list[tuple]:
    """Columns and indices of a file of SQLite."""
    with contextlib.closing(sqlite3.connect(pair.folder / "gatehouse.db")) as database:
        return sorted(database.execute(
            "SELECT entry.name, field.name, field.type, field.\"notnull\", field.dflt_value "
            "FROM sqlite_master AS entry, pragma_table_info(entry.name) AS field")) + sorted(
                database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'"), key=str)


def test_a_file_that_the_new_one_brought_up_to_date_is_the_one_that_it_makes(artifacts, provider):
    shapes = []
    for programs in ((previous_program(), paths.GATEHOUSE), (paths.GATEHOUSE,)):
        storage = {"sqlite": {"path": "gatehouse.db"}}
        pair = Versions(artifacts / "logs" / f"upgrade-file-{len(programs)}", provider, storage)
        for program in programs:
            pair.become(program)
            pair.start_first()
        pair.kill()
        shapes.append(shape_of_file(pair))
    assert shapes[0] == shapes[1] and len(shapes[0]) > 50


# What the version after this one may do.

NEXT = "of_the_next_version"


def test_tables_of_the_next_version_do_not_disturb_and_those_of_the_one_after_are_refused(artifacts, provider):
    engine = PostgresEngine(artifacts / "logs" / "upgrade-next")
    pair = Pair(artifacts / "logs" / "upgrade-next-pair", provider, engine.storage)
    pair.start()
    execute = engine.server.execute
    kept = pair.sign_in(0)
    tables = execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'gatehouse'")
    execute("".join(f"ALTER TABLE gatehouse.{table} ADD COLUMN {NEXT} TEXT;" for table in tables))
    execute(f"CREATE TABLE gatehouse.{NEXT} (id INTEGER)")
    migrate = f"INSERT INTO gatehouse.migrations (number, name) SELECT max(number) + 1, '{NEXT}' FROM gatehouse.migrations"
    execute(migrate)
    assert len(tables) > 10
    for _ in range(2):
        assert [pair.status(number, kept) for number in (0, 1)] == [200, 200]
        assert pair.status(1, pair.sign_in(0)) == 200
        token = exchanged(pair, 0, code_for(pair, pair.apps_account))
        assert refreshed(pair, 1, token) != token
        pair.other.program.stop()
        pair.other.start()
    execute(migrate)
    pair.other.program.stop()
    pair.other.program.start()
    assert pair.other.program.process.wait(20) == 1
    assert "2 versions ahead of this program" in pair.other.program.text()
    pair.kill()
    engine.end()
