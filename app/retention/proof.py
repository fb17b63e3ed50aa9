"""The proof of a removal: how many of each kind went, and a keyed digest of all of it."""

import hmac
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from flask import current_app

from app import clock
from app.audits.cycle import Cycle
from app.database import db
from app.retention.models import Removal
from config.settings import Settings


@dataclass
class Proof:
    """The count of what goes, by its kind, and a digest of it with the key that the history has."""

    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        settings: Settings = current_app.extensions["settings"]
        self._digest = hmac.new(settings.history_key.encode(), digestmod=sha256)

    def take(self, kind: str, place: str, key: object, value: object) -> None:
        """Take down one value that goes: its kind, where it was, and what it was."""
        self.counts[kind] += 1
        line = json.dumps([kind, place, key, value], ensure_ascii=False, sort_keys=True, default=str)
        self._digest.update(line.encode() + b"\n")

    @property
    def digest(self) -> str:
        """Return the digest of all that was taken down, in hexadecimal."""
        return self._digest.hexdigest()

    def keep(self, what: str, *, by: str, on: date, cycle: Cycle | None = None) -> Removal:
        """Keep it as a row, in the transaction of the removal."""
        removal = Removal(
            cycle_id=cycle.id if cycle else None,
            what=what,
            removed_at=clock.now(),
            removed_on=on,
            removed_by=by,
            counts=dict(sorted(self.counts.items())),
            proof=self.digest,
        )
        db.session.add(removal)
        return removal
