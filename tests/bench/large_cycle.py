"""An installation with one large cycle, written straight into SQLite: returned audits with 40 answers each,
5,000 unless told otherwise, by pairs of auditors.

Every tenth question is a judgement; ten others apply only if an earlier one was answered with yes. A fiftieth
of the answers is blank, a twentieth not applicable; one case in eight has a context factor, some have two;
every tenth audit was moderated and one answer of it changed.

    python -m tests.bench.large_cycle FOLDER DAY [--audits N] [--frozen]
"""

import argparse
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from app import clock, create_app
from app.answers.models import (
    MODERATED,
    Answer,
    AnswerView,
    ContextFactor,
    ContextNote,
    EvidencePlace,
    Moderation,
)
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.parts import LEAD, SECOND
from app.database import db, transaction
from app.findings.freezing import close
from app.migrating import migrate
from app.people.models import Person, Team
from app.tools.models import Question, ScaleResponse, Section, Tool
from config.settings import from_environment
from tests.bench.installation import environment
from tests.bench.many_audits import TEAMS, Row, cycle_row, people, tool_row, write

AUDITS, QUESTIONS, SECTIONS = 5_000, 40, 8
SCALES = {
    "evidence": (("yes", "met"), ("no", "not met"), ("not applicable", "excluded")),
    "judgement": (
        ("outstanding", "met"),
        ("good", "met"),
        ("adequate", "not met"),
        ("inadequate", "not met"),
        ("not applicable", "excluded"),
    ),
}


def make(folder: Path, on: date, *, audits: int, frozen: bool) -> None:
    """Make the installation as it stands on the day."""
    app = create_app(from_environment(environment(str(folder))))
    chance = random.Random(2010)
    with app.app_context():
        migrate()
        with transaction():
            write(Team, ({"id": n, "name": f"Team {n}"} for n in range(1, TEAMS + 1)))
            auditors = people()
            _tool()
            write(Cycle, [cycle_row(on)])
            write(Audit, (_audit(n, on) for n in range(1, audits + 1)))
            write(Assignment, _pairs(audits, auditors, on))
            responses = _responses()
            write(Answer, _answers(audits, responses, chance))
            write(ContextNote, _context(audits, chance))
            _moderate(audits, responses, on)
        if frozen:
            coordinator = db.session.get_one(Person, 1)
            close(db.session.get_one(Cycle, 1), cut_off_on=None, by=coordinator, on=clock.today())
        db.session.remove()
        db.engine.dispose()


def _tool() -> None:
    write(Tool, [tool_row()])
    write(
        Section,
        ({"id": n, "tool_id": 1, "position": n, "title": f"Section {n}"} for n in range(1, SECTIONS + 1)),
    )
    write(
        Question,
        (
            {
                "id": n,
                "section_id": (n - 1) * SECTIONS // QUESTIONS + 1,
                "position": n,
                "key": f"question_{n}",
                "key_area": f"What was asked in question {n} of the audit tool",
                "text": f"Was what question {n} asks for found?",
                "scale": _scale(n),
                "is_core": False,
                "answer": "response",
                "applies_if": _condition(n),
            }
            for n in range(1, QUESTIONS + 1)
        ),
    )
    rows = [
        {"tool_id": 1, "scale": scale, "position": place, "response": response, "counts_as": counts_as}
        for scale, responses in SCALES.items()
        for place, (response, counts_as) in enumerate(responses, start=1)
    ]
    write(ScaleResponse, ({"id": n} | row for n, row in enumerate(rows, start=1)))


def _scale(question: int) -> str:
    return "judgement" if question % 10 == 0 else "evidence"


def _condition(question: int) -> Row | None:
    """The condition of every fourth question, from the third on: the one before the last has evidence."""
    return {"question": f"question_{question - 2}", "response": ["yes"]} if question % 4 == 3 else None


def _audit(n: int, on: date) -> Row:
    return {
        "id": n,
        "reference": f"CP-{n:06}",
        "case_reference": str(600_000 + n),
        "team_id": n % TEAMS + 1,
        "cycle_id": 1,
        "requested_on": on - timedelta(days=60),
        "due_on": on - timedelta(days=10),
        "first_due_on": on - timedelta(days=10),
        "started_on": on - timedelta(days=30),
        "returned_on": on - timedelta(days=12 + n % 10),
        "confirmed_on": on - timedelta(days=10) if n % 4 else None,
        "version": 1,
    }


def _pairs(audits: int, auditors: list[int], on: date) -> Iterator[Row]:
    for audit in range(1, audits + 1):
        for number, part in enumerate((LEAD, SECOND)):
            yield {
                "audit_id": audit,
                "part": part,
                "person_id": auditors[(2 * audit + number) % len(auditors)],
                "assigned_on": on - timedelta(days=60),
            }


def _responses() -> dict[str, list[int]]:
    """The ids of the responses of each scale; the last is "not applicable"."""
    found: dict[str, list[int]] = {scale: [] for scale in SCALES}
    for response in db.session.query(ScaleResponse).order_by(ScaleResponse.position):
        found[response.scale].append(response.id)
    return found


def _answers(audits: int, responses: dict[str, list[int]], chance: random.Random) -> Iterator[Row]:
    places = list(db.session.scalars(select(EvidencePlace.id)))
    for audit in range(1, audits + 1):
        for question in range(1, QUESTIONS + 1):
            known = responses[_scale(question)]
            at = chance.random()
            response = None if at < 0.02 else known[-1] if at < 0.07 else chance.choice(known[:-1])
            commented = _scale(question) == "judgement" and chance.random() < 0.9
            yield {
                "audit_id": audit,
                "question_id": question,
                "response_id": response,
                "found_in_id": chance.choice(places) if at >= 0.07 and chance.random() < 0.7 else None,
                "comment": "The plan says who does what by when." if commented else None,
                "version": 1,
            }


def _context(audits: int, chance: random.Random) -> Iterator[Row]:
    factors = list(db.session.scalars(select(ContextFactor.id)))
    for audit in range(8, audits + 1, 8):
        for factor in chance.sample(factors, chance.choice((1, 1, 2))):
            yield {"audit_id": audit, "factor_id": factor, "note": None}


def _moderate(audits: int, responses: dict[str, list[int]], on: date) -> None:
    decided_on = on - timedelta(days=5)
    moderated = range(10, audits + 1, 10)
    write(
        Moderation,
        (
            {
                "audit_id": audit,
                "chosen_because": "random",
                "moderator_id": 1,
                "decided_on": decided_on,
                "outcome": "changed",
                "reason": "The reasons say otherwise.",
                "read_before_grade": True,
            }
            for audit in moderated
        ),
    )
    write(
        AnswerView,
        (
            {
                "audit_id": audit,
                "question_id": 10,
                "whose": MODERATED,
                "response_id": responses["judgement"][2],
                "reason": "The reasons say otherwise.",
                "by_id": 1,
                "made_on": decided_on,
            }
            for audit in moderated
        ),
    )


def main() -> None:
    """Make one, as the arguments say."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("day", type=date.fromisoformat)
    arguments.add_argument("--audits", type=int, default=AUDITS)
    arguments.add_argument("--frozen", action="store_true")
    given = arguments.parse_args()
    make(given.folder, given.day, audits=given.audits, frozen=given.frozen)


if __name__ == "__main__":
    main()
