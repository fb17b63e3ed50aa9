"""Everything that is wrong with a folder."""

from dataclasses import dataclass, field

from app.files.faults import Fault

MOST_OF_A_FILE = 20
"""What is wrong more often than this is wrong with the file, not with its rows."""


@dataclass
class Faults:
    """The faults of the files of a folder, in the order in which they were found."""

    told: list[Fault] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    def refuse(self, file: str, why: str, row: int | None = None, column: str | None = None) -> None:
        """Add a fault. What stands in the cell is never repeated: it may be a case's number."""
        count = self._counts[file] = self.of(file) + 1
        if count <= MOST_OF_A_FILE:
            self.told.append(Fault(file=file, why=why, row=row, column=column))
        elif count == MOST_OF_A_FILE + 1:
            why = f"has more than {MOST_OF_A_FILE} faults; those above are the first"
            self.told.append(Fault(file=file, why=why))

    def of(self, file: str) -> int:
        """How many faults that file has."""
        return self._counts.get(file, 0)
