"""The keys of case numbers that an installation has: those of its setting, and those of its file.

The file is made with the first database that needs a key, never for one that has encrypted numbers already.
It is read again where something names a key that is not known, because another process may replace the key
while this one runs.
"""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask, current_app

from app.case_keys.keys import ID_LENGTH, CaseKey, key_of
from app.refusal import Refused
from config.settings import CASE_NUMBER_KEY, Settings, case_number_keys_there, kept_key


class KeyMissing(Refused):
    """A refusal because the installation lacks the key that the numbers of its database need."""


class KeyRing:
    """The keys of an installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[str, CaseKey] = {}

    @property
    def file(self) -> Path:
        """The file that keeps the key where no setting gives it."""
        return self._settings.instance_path / CASE_NUMBER_KEY

    @property
    def is_set(self) -> bool:
        """True where the key is a setting, and not in the file."""
        return bool(self._settings.case_number_key)

    def given(self) -> list[str]:
        """Return the secrets that the setting gives, or else the file: two while the first replaces the
        second."""
        there = case_number_keys_there(self._settings.instance_path)
        return self._settings.case_number_key.split() or there

    def first(self) -> CaseKey:
        """Return the key of this installation, of two the one that replaces the other. It is made where there
        is none."""
        key = next(self._there(), None)
        return key or key_of(kept_key(self._settings.instance_path, CASE_NUMBER_KEY))

    def known(self, named: str) -> CaseKey | None:
        """Return the key of a fingerprint or an id; None where this installation does not have it."""
        id_ = named[:ID_LENGTH]
        if id_ not in self._known:
            self._known |= {key.id: key for key in self._there()}
        return self._known.get(id_)

    def named(self, named: str) -> CaseKey:
        """Return the key of a fingerprint or an id. Raises KeyMissing."""
        key = self.known(named)
        if key is None:
            raise KeyMissing(self.sentence)
        return key

    @property
    def sentence(self) -> str:
        """The sentence that says how to put a wrong or missing key right."""
        return (
            f"This database was made with another CASE_NUMBER_KEY. Put back the file {self.file}, or set "
            "CASE_NUMBER_KEY to the key that the database was made with."
        )

    def _there(self) -> Iterator[CaseKey]:
        yield from map(key_of, self._settings.case_number_key.split())
        yield from map(key_of, case_number_keys_there(self._settings.instance_path))


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application the keys of its installation."""
    app.extensions["case_keys"] = KeyRing(settings)


def ring() -> KeyRing:
    """Return the keys of the running application."""
    running: KeyRing = current_app.extensions["case_keys"]
    return running
