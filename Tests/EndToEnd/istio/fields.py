"""Reading objects so that nothing in them goes unnoticed."""
import contextlib

_missing = object()


class Unknown(Exception):
    """An object says something that is not rendered here."""


class Fields:
    """The fields of one mapping. Each is taken once; `where` tells errors apart (`AuthorizationPolicy a/b.spec`)."""

    def __init__(self, value, where: str):
        if not isinstance(value, dict):
            raise Unknown(f"{where}: {value!r} is no mapping")
        self._left = dict(value)
        self.where = where

    def take(self, name: str, default=_missing):
        if name not in self._left and default is _missing:
            raise Unknown(f"{self.where}: {name} is missing")
        return self._left.pop(name, default)

    def has(self, name: str) -> bool:
        return name in self._left

    def one_of(self, name: str, allowed: tuple, default=_missing):
        value = self.take(name, default)
        if value not in allowed:
            raise Unknown(f"{self.where}.{name}: {value!r} is none of {allowed}")
        return value

    def expect(self, name: str, value) -> None:
        """A field that is read only if it says what is assumed here anyway."""
        self.one_of(name, (value,))

    def strings(self, name: str) -> list[str]:
        values = self.take(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise Unknown(f"{self.where}.{name}: {values!r} is no list of strings")
        return values

    def end(self) -> None:
        if self._left:
            raise Unknown(f"{self.where}: {', '.join(sorted(self._left))} not known")


@contextlib.contextmanager
def reading(value, where: str):
    """The fields of `value`, all of which the block has to take."""
    fields = Fields(value, where)
    yield fields
    fields.end()
