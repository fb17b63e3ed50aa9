"""The number of a case of the record system, as rows about the case have it: as written, and as compared."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column, validates

from app.case_numbers import folded


def _folded_of_the_row(context: Any) -> str | None:
    return as_compared(context.get_current_parameters().get("case_reference"))


def as_compared(case_reference: str | None) -> str | None:
    """Return the number as the database compares it. None where there is none: no two such are one case."""
    return folded(case_reference or "") or None


class OfACase:
    """A row about a case. It is shown by `case_reference` and compared by `case_folded` alone.

    Whoever updates rows without the model sets both.
    """

    case_reference: Mapped[str | None]
    """The child's number in the record system, for the pair, coordinators and moderators only."""
    case_folded: Mapped[str | None] = mapped_column(default=_folded_of_the_row, index=True)

    @validates("case_reference")
    def _fold(self, _name: str, case_reference: str | None) -> str | None:
        self.case_folded = as_compared(case_reference)
        return case_reference
