"""The outcome of an import, in numbers that its user can check."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.files.faults import Fault
from app.files.rows import Reading
from app.wording import counted, plural

_ONE = {"people": "person", "periods of leave": "period of leave"}


@dataclass
class Imported:
    """The outcome of a file. With faults nothing was changed.

    `left` are rows that would have undone a move made in the product, which was left as it is; `cases_kept`
    rows with another case number than that of their audit, which somebody has begun.
    """

    file: str
    kind: str
    """The name of its rows, such as audits."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    cases_kept: int = 0
    faults: Sequence[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    """Questions of a careful colleague before the file is imported, the most surprising first. They never
    hold a case number, and the file can be imported all the same."""

    @classmethod
    def of(cls, reading: Reading, kind: str) -> "Imported":
        """Return the outcome of a table, to be filled, with the warning of rows that nobody may have seen."""
        outcome = cls(reading.file, kind)
        if reading.hidden:
            rows = f"{counted(reading.hidden, 'row')} {plural(reading.hidden, 'is', 'are')}"
            those = plural(reading.hidden, "It is imported", "They are imported")
            outcome.warnings.append(
                f"{rows} hidden in the spreadsheet, for example by a filter. {those} too."
            )
        return outcome

    @property
    def refused(self) -> bool:
        """True when the file has a fault: nothing of it was taken in."""
        return bool(self.faults)

    def without_file(self) -> str:
        """Return words such as "29 audits: 29 added, 0 changed, 0 unchanged"."""
        total = self.added + self.changed + self.unchanged
        numbers = (
            f"{counted(total, self._one(), self.kind)}: {self.added:,} added, {self.changed:,} changed, "
            f"{self.unchanged:,} unchanged"
        )
        return ". ".join([numbers, *self.left_alone()])

    def left_alone(self) -> Sequence[str]:
        """Return a sentence, without its full stop, for each kind of thing that was left as it is."""
        sentences = []
        if self.left:
            sentences.append(f"{counted(self.left, 'row')} kept a change made in the service")
        if number := self.cases_kept:
            audits = counted(number, "audit that has begun", "audits that have begun")
            theirs = plural(number, "its case number", "their case numbers")
            sentences.append(f"{audits} kept {theirs}")
        return sentences

    def _one(self) -> str:
        """Return the name of a single row."""
        return _ONE.get(self.kind) or self.kind.removesuffix("s")

    def __str__(self) -> str:
        """Return words such as "audits.csv: 29 audits: 29 added, 0 changed, 0 unchanged"."""
        return f"{self.file}: {self.without_file()}"
