"""An entry of the record of reading before it is written, and as a line of a file. Pure."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass
class Entry:
    """An entry with the cases whose numbers it showed, each as its table and row."""

    at: datetime
    person_id: int | None
    program: str | None
    kind: str
    what: str
    how_many: int
    from_address: str | None
    cases: Sequence[tuple[str, int]]

    def values(self) -> dict[str, Any]:
        """Return the values of its row."""
        return {name: value for name, value in asdict(self).items() if name != "cases"}

    def line(self) -> str:
        """Return the entry as JSON."""
        return json.dumps(asdict(self) | {"at": self.at.isoformat()})


def entry_of(line: str) -> Entry:
    """Return the entry of a line."""
    values = json.loads(line)
    cases = [(table, row_id) for table, row_id in values["cases"]]
    return Entry(**(values | {"at": datetime.fromisoformat(values["at"]), "cases": cases}))
