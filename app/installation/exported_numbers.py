"""Case numbers in an export: without a key, as people write them and as they are compared.

An installation has the keyed hash of a folded number, which means nothing to a copy with a key of its own. An
export has the folded number, and the copy makes its own hash of it.
"""

from typing import Any

from sqlalchemy import Table, select

from app.audits.models import Audit
from app.case_keys.mark import key_in_use
from app.case_keys.sealed import refuse_unreadable
from app.case_numbers import folded
from app.database import db
from app.sampling.models import DrawnCase

COMPARED = "case_folded"
"""The column of a table of cases by which they are compared."""

Values = dict[str, Any]


class FoldedNumbers:
    """The folded numbers of this installation by their keyed hashes.

    A row is mostly compared by its own number. A drawn case whose audit was corrected has the number of the
    audit.
    """

    def __init__(self) -> None:
        drawn = select(DrawnCase.case_folded)
        query = select(Audit.case_folded, Audit.case_reference).where(Audit.case_folded.in_(drawn))
        self._of_audits = {case: folded(number) for case, number in db.session.execute(query) if number}

    def put_in(self, values: Values) -> Values:
        """Return a row's values with its folded number in place of the keyed hash. Raises NotReadable."""
        refuse_unreadable(values["case_reference"])
        case = values[COMPARED]
        if case is None:
            return values
        own = folded(values["case_reference"] or "") or None
        return {**values, COMPARED: self._of_audits.get(case, own)}


def is_of_cases(table: Table) -> bool:
    """Return True for a table whose rows are about cases."""
    return COMPARED in table.columns


def take_folded_number(values: Values) -> None:
    """Put the keyed hash of this installation in place of the folded number of an export."""
    if values[COMPARED] is not None:
        values[COMPARED] = key_in_use().compared(values[COMPARED])
