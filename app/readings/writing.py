"""Writing entries of the record of reading, in a transaction of their own."""

from collections.abc import Iterable, Sequence

from sqlalchemy import insert

from app import clock
from app.database import of_its_own
from app.readings.kinds import OF_SIGNING_IN, Kind
from app.readings.models import CaseRead, Reading
from app.readings.noting import AUDITS, DRAWN_CASES, Note

COMMAND_LINE = "command line"


def write(notes: Sequence[Note], person_id: int | None, here: str, from_address: str | None) -> None:
    """Write the notes of a request by this person for the address `here`, all of them or none."""
    at = clock.now()
    with of_its_own() as connection:
        for note in notes:
            by = note.person_id
            if by is None and note.program is None and note.kind not in OF_SIGNING_IN:
                by = person_id
            statement = insert(Reading).values(
                at=at,
                person_id=by,
                program=note.program,
                kind=note.kind,
                what=note.what or here,
                how_many=len(note.cases) if note.how_many is None else note.how_many,
                from_address=from_address,
            )
            number = connection.scalar(statement.returning(Reading.id))
            if note.cases:
                connection.execute(insert(CaseRead), [_case(number, *case) for case in sorted(note.cases)])


def write_file(what: str) -> None:
    """Write that the command line makes a file without case numbers, such as a report."""
    write([Note(Kind.DOWNLOAD, what, program=COMMAND_LINE, how_many=1)], None, what, None)


def write_export(what: str, audit_ids: Iterable[int] = (), drawn_ids: Iterable[int] = ()) -> None:
    """Write that the command line takes these cases out of the installation, with their numbers."""
    audits, drawn = set(audit_ids), set(drawn_ids)
    cases = {(AUDITS, number) for number in audits} | {(DRAWN_CASES, number) for number in drawn}
    note = Note(Kind.EXPORT, what, program=COMMAND_LINE, how_many=len(audits), cases=cases)
    write([note], None, what, None)


def _case(reading_id: int | None, table: str, number: int) -> dict[str, int | None]:
    return {
        "reading_id": reading_id,
        "audit_id": number if table == AUDITS else None,
        "drawn_case_id": number if table == DRAWN_CASES else None,
    }
