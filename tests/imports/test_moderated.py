"""Moderations from a file of answers: what they change, what counts, what is refused and what is left."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.answers import moderating
from app.answers.agreement import agreement
from app.answers.importing import import_answers
from app.answers.models import AnswerView, Moderation
from app.answers.viewing import Change
from app.audits.models import Audit
from app.audits.standing import standings
from app.database import db, transaction
from app.files.imported import Imported
from app.findings.compiling import compiled
from app.history.record import of
from app.installation.table_files import TABLE_FILES
from app.people.closures import working_days
from app.people.models import Person
from app.tools.models import Question, ScaleKind, ScaleResponse, Section
from tests.answers.graded import a_graded_cycle
from tests.factories import a_person, an_audit

from .conftest import counted, said

HEADING = (
    "audit_reference,question,response,evidence_location,comment,"
    "moderated_on,moderated_by,moderated_response,moderated_reason"
)
CASE = "39098"
RETURNED, ON, LATER = date(2010, 11, 8), date(2010, 11, 15), date(2010, 11, 22)
MODA, LENA = "moda.moderator@council.example", "lena.lead@council.example"
WHY = "The plan names no dates"

Load = Callable[..., Imported]


def row(
    question: str = "plan_quality",
    response: str = "good",
    *,
    audit: str = "CP-001",
    on: str = "2010-11-15",
    by: str = MODA,
    becomes: str = "",
    why: str = "",
) -> str:
    return ",".join((audit, question, response, "", "", on, by, becomes, why))


@pytest.fixture
def load(service: Flask, tmp_path: Path) -> Load:
    """Import answers of CP-001, returned by Lena Lead, of a tool with a grade and a category."""
    cycle = a_graded_cycle()
    section = db.session.scalars(select(Section).where(Section.tool_id == cycle.tool_id)).one()
    with transaction():
        db.session.add_all(
            ScaleResponse(
                tool_id=cycle.tool_id, scale="who", position=place, response=who, counts_as="neither"
            )
            for place, who in enumerate(("consultant", "nurse"), start=1)
        )
        db.session.add(ScaleKind(tool_id=cycle.tool_id, scale="who", kind="category"))
        who = {"key": "who", "key_area": "Who", "text": "Who?", "scale": "who"}
        db.session.add(Question(section_id=section.id, position=9, **who))
    lead = a_person("Lena Lead", team="Crewe")
    a_person("Moda Moderator", roles=["moderator"])
    pair = {"cycle": cycle, "lead": lead, "second": a_person()}
    an_audit("CP-001", **pair, returned_on=RETURNED, case_reference=CASE)  # type: ignore[arg-type]
    an_audit("CP-002", cycle=cycle, lead=lead, second=a_person())

    def rows(*rows: str) -> Imported:
        path = tmp_path / "answers.csv"
        path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
        return import_answers(path)

    return rows


def moderation() -> tuple[str, date, str, bool] | None:
    """The moderator, the day, the outcome, and whether it was made in the product, of CP-001."""
    db.session.rollback()
    query = select(Person.name, Moderation.decided_on, Moderation.outcome, Moderation.in_product).join(
        Person, Person.id == Moderation.moderator_id
    )
    found = db.session.execute(query).one_or_none()
    return tuple(found) if found else None  # type: ignore[return-value]


def views() -> list[tuple[str, str | None, str | None, date]]:
    """The answers that moderators changed, with their reasons and days."""
    query = (
        select(Question.key, ScaleResponse.response, AnswerView.reason, AnswerView.made_on)
        .join(Question, Question.id == AnswerView.question_id)
        .join(ScaleResponse, ScaleResponse.id == AnswerView.response_id)
        .order_by(Question.key)
    )
    return [tuple(found) for found in db.session.execute(query)]  # type: ignore[misc]


def the_audit() -> Audit:
    return db.session.scalars(select(Audit).where(Audit.reference == "CP-001")).one()


def plan_on(on: date) -> tuple[int, int]:
    """The plans that are met and those that are not, on a day."""
    areas = compiled(the_audit().cycle, on).areas
    counts = next(area for area in areas if area.question == "plan_quality").figure.counts
    return counts.met, counts.not_met


def test_the_moderated_answer_counts_from_its_day_on_and_again_changes_nothing(load: Load) -> None:
    changed = row(becomes="adequate", why=WHY)
    assert counted(load(changed)) == (1, 0, 0, 0)
    assert moderation() == ("Moda Moderator", ON, "changed", False)
    assert views() == [("plan_quality", "adequate", WHY, ON)]
    assert (plan_on(date(2010, 11, 14)), plan_on(ON)) == ((1, 0), (0, 1))
    assert counted(load(changed)) == (0, 0, 1, 0)
    told = [(event.what, event.after, event.on) for event in of("audit", "CP-001")]
    assert told.count(("moderated", "1 answer changed", ON)) == 1
    assert WHY not in str([event.why for event in of("audit", "CP-001")])
    # an empty cell takes nothing back, nor does a file without the columns
    assert counted(load(row(on="", by=""))) == (0, 0, 1, 0)
    assert views() == [("plan_quality", "adequate", WHY, ON)]


def test_moderated_by_somebody_without_a_response_is_agreed(load: Load) -> None:
    assert counted(load(row(), row("child_seen", "yes"))) == (2, 0, 0, 0)
    assert (moderation(), views()) == (("Moda Moderator", ON, "agreed", False), [])
    assert plan_on(ON) == (1, 0)
    # so is the same response, and one of a category that nobody moderates
    assert counted(load(row(becomes="good"))) == (0, 0, 1, 0)
    assert counted(load(row("who", "nurse"))) == (1, 0, 0, 0)
    assert moderation() == ("Moda Moderator", ON, "agreed", False)


def test_a_file_can_bring_it_later_change_it_and_take_a_change_back(load: Load) -> None:
    load(row(on="", by=""), row("child_seen", "yes", on="", by=""))
    assert counted(load(row(becomes="adequate"))) == (0, 1, 0, 0)
    assert counted(load(row(why=WHY))) == (0, 1, 0, 0)
    assert views() == [("plan_quality", "adequate", WHY, ON)]
    # the day is that of the whole moderation
    assert counted(load(row("child_seen", "yes", on="2010-11-22", becomes="no"))) == (0, 1, 0, 0)
    assert views() == [("child_seen", "no", None, LATER), ("plan_quality", "adequate", WHY, LATER)]
    assert moderation() == ("Moda Moderator", LATER, "changed", False)
    assert counted(load(row(on="", becomes="good"), row("child_seen", "yes", on="", becomes="yes"))) == (
        0,
        2,
        0,
        0,
    )
    assert (moderation(), views()) == (("Moda Moderator", LATER, "agreed", False), [])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row(by="")], "moderated_by: is empty: a moderation needs its day and its moderator"),
        ([row(on="", becomes="good")], "moderated_on: is empty: a moderation needs its day and its"),
        ([row(audit="CP-002")], 'moderated_on, "2010-11-15": this audit was not returned'),
        ([row(on="2010-11-05")], 'moderated_on, "2010-11-05": is before 2010-11-08, when the audit was'),
        ([row(by=LENA)], f'moderated_by, "{LENA}": is an auditor of this audit: a moderator is someone else'),
        ([row(by="no.one@council.example")], 'moderated_by, "no.one@council.example": no one has this'),
        ([row(becomes="great")], 'moderated_response, "great": must be '),
        ([row(why=WHY)], "moderated_reason: is for an answer that the moderator changed"),
        ([row(becomes="good", why=WHY)], "moderated_reason: is for an answer that the moderator changed"),
        (
            [row(becomes="adequate", why="Case 39098 has none")],
            "moderated_reason: contains the case number",
        ),
        (
            [row("who", "nurse", becomes="consultant")],
            'moderated_response, "consultant": is for a category, which no one moderates: leave it empty',
        ),
    ],
)
def test_what_cannot_be_is_a_fault_and_changes_nothing(load: Load, rows: list[str], why: str) -> None:
    (fault,) = said(load(*rows))
    assert fault.startswith(f"answers.csv: row 2, column {why}")
    assert CASE not in fault
    assert moderation() is None


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"on": "2010-11-16"}, "moderated_on"), ({"by": "sue.other@council.example"}, "moderated_by")],
)
def test_an_audit_is_moderated_once(load: Load, cells: dict[str, str], column: str) -> None:
    a_person("Sue Other")
    (fault,) = said(load(row(), row("child_seen", "yes", **cells)))
    assert f"row 3, column {column}, " in fault
    assert fault.endswith("is another than in row 2: an audit is moderated once")


def test_a_moderation_made_in_the_product_stays(load: Load) -> None:
    load(row(on="", by=""))
    moderator = db.session.scalars(select(Person).where(Person.name == "Moda Moderator")).one()
    ids = dict(db.session.execute(select(ScaleResponse.response, ScaleResponse.id)).all())
    plan = db.session.scalars(select(Question.id).where(Question.key == "plan_quality")).one()
    change = {plan: Change(ids["adequate"], WHY)}
    moderating.moderate("CP-001", moderator, LATER, change, read_before_grade=True)
    assert counted(load(row(becomes="good"))) == (0, 0, 1, 1)
    assert counted(load(row("child_seen", "yes", becomes="no"))) == (1, 0, 0, 1)
    assert moderation() == ("Moda Moderator", LATER, "changed", True)
    assert views() == [("plan_quality", "adequate", WHY, LATER)]
    # the same moderation as there is changes nothing
    assert counted(load(row(on="2010-11-22", becomes="adequate", why=WHY))) == (0, 0, 1, 0)


def test_it_is_counted_with_the_others_as_of_a_day(load: Load) -> None:
    load(row(becomes="adequate", why=WHY), row("child_seen", "yes"))
    cycle = the_audit().cycle
    told = agreement(cycle, standings(ON, working_days()))
    assert (told.moderated, told.grade_changed, told.changed_answers["plan_quality"]) == (1, 1, 1)
    assert agreement(cycle, standings(RETURNED, working_days())).moderated == 0


def test_an_export_writes_what_an_import_reads(load: Load, tmp_path: Path) -> None:
    load(row(becomes="adequate", why=WHY), row("child_seen", "yes"), row("who", "", becomes=""))
    (file,) = [table for table in TABLE_FILES if table.name == "answers.csv"]
    assert ",".join(file.headings) == HEADING
    written = [["" if cell is None else str(cell) for cell in cells] for cells in file.rows()]
    assert written == [
        ["CP-001", "plan_quality", "good", "", "", "2010-11-15", MODA, "adequate", WHY],
        ["CP-001", "child_seen", "yes", "", "", "2010-11-15", MODA, "", ""],
    ]
    assert counted(load(*(",".join(cells) for cells in written))) == (0, 0, 2, 0)
