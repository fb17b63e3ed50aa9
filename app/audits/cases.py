"""The number of a case of the record system, as rows about the case have it: as written, and as compared.

The database has the number encrypted, and the keyed hash by which it is compared (app/case_keys/).
"""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column, validates

from app.case_keys.mark import as_compared
from app.case_keys.sealed import SealedText, refuse_unreadable


def _compared_of_the_row(context: Any) -> str | None:
    return as_compared(context.get_current_parameters().get("case_reference"))


class OfACase:
    """A row about a case. It is shown by `case_reference` and compared by `case_folded` alone.

    Whoever updates rows without the model sets both.
    """

    case_reference: Mapped[str | None] = mapped_column(SealedText)
    """The child's number in the record system, for the pair, coordinators and moderators only."""
    case_folded: Mapped[str | None] = mapped_column(default=_compared_of_the_row, index=True)
    """The keyed hash of the folded number, as `as_compared` gives it."""

    @validates("case_reference")
    def _compare(self, _name: str, case_reference: str | None) -> str | None:
        refuse_unreadable(case_reference)
        self.case_folded = as_compared(case_reference)
        return case_reference
