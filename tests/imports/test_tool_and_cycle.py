"""Tools and cycles from files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audits.cycle import Cycle
from app.cycles.importing import import_cycle, mark_frozen
from app.cycles.models import EarlierCycle
from app.database import db, transaction
from app.files.imported import Imported
from app.history.record import of
from app.tools.importing import import_tool
from app.tools.models import Question, Section, Standard, Tool
from config.settings import PROJECT
from tests.factories import a_tool, an_audit

from .conftest import counted, said

FIRST_CYCLE = PROJECT / "app" / "example" / "first-cycle"
TOOL = (FIRST_CYCLE / "tool.toml").read_text(encoding="utf-8")
CYCLE = """
[cycle]
reference = "2010-1"
title = "First cycle"
theme = "Child protection"
tool = "child-protection"
requested_on = 2010-10-04
due_on = 2010-11-12
"""

Load = Callable[[str], Imported]


@pytest.fixture
def tool(app: Flask, tmp_path: Path) -> Load:
    def from_text(text: str) -> Imported:
        path = tmp_path / "tool.toml"
        path.write_text(text, encoding="utf-8")
        return import_tool(path)

    return from_text


@pytest.fixture
def cycle(app: Flask, tmp_path: Path) -> Load:
    a_tool("child-protection")

    def from_text(text: str) -> Imported:
        path = tmp_path / "cycle.toml"
        path.write_text(text, encoding="utf-8")
        return import_cycle(path)

    return from_text


def the_cycle() -> Cycle:
    db.session.rollback()
    return db.session.scalars(select(Cycle)).one()


def test_the_first_cycles_tool_is_taken_in_with_scales_sections_and_questions(tool: Load) -> None:
    assert counted(tool(TOOL)) == (1, 0, 0, 0)
    found = db.session.scalars(select(Tool)).one()
    assert [section.title for section in found.sections] == [
        "Core groups",
        "Decision making",
        "Plans and assessment",
        "Supervision",
    ]
    assert sum(len(section.questions) for section in found.sections) == 8
    judged = {one.response: one.counts_as for one in found.responses if one.scale == "judgement"}
    assert judged["adequate"] == "not met"
    assert (found.minimum_answered, found.minimum_count) == (0.8, 10)


def test_the_same_tool_again_is_unchanged_and_a_changed_one_needs_a_new_version(tool: Load) -> None:
    tool(TOOL)
    assert counted(tool(TOOL)) == (0, 0, 1, 0)
    changed = TOOL.replace("What is the quality of the care plan?", "How good is the care plan?")
    assert said(tool(changed)) == [
        (
            'tool.toml: key tool / version, "1": version 1 of child-protection is already published '
            "and differs from the file. A published version cannot change, so give the tool in the file a "
            "new version."
        )
    ]
    assert counted(tool(changed.replace("version = 1", "version = 2"))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (
            'key = "gatekeeping"',
            'key = "child_seen"',
            'key section 3 / question 2 / key, "child_seen": is also the key of section 2, question 1',
        ),
        (
            'key = "gatekeeping"',
            'key = "Child-Seen"',
            (
                'key section 3 / question 2 / key, "child_seen": is also the key of section 2, question 1, '
                "in another spelling"
            ),
        ),
        (
            'yes = "met"',
            'yes = "met"\n" " = "met"',
            "key scales / evidence: has a response without a name",
        ),
        ("[scales.evidence]", '[scales.""]', "key scales: has a scale without a name"),
        (
            'scale = "judgement"',
            'scale = "judgment"',
            'key section 1 / question 1 / scale, "judgment": is not one of the scales: the nearest is',
        ),
        (
            'yes = "met"\nno = "not met"',
            'yes = "excluded"\nno = "excluded"',
            "key scales / evidence: needs a response that is not left out",
        ),
        (
            'no = "not met"',
            'no = "unmet"',
            'key scales / evidence / no, "unmet": must be one of met, not met, excluded',
        ),
        (
            'no = "not met"',
            'no = "not met"\nNo = "met"',
            "key scales / evidence / no: is there twice, in another spelling",
        ),
        ("version = 1", "", "key tool / version: is missing"),
        (
            "minimum_count",
            "minimum_number",
            "key tool / minimum_number: is not a known key: choose from reference, title, version,",
        ),
    ],
)
def test_a_wrong_tool_is_refused_with_the_place(tool: Load, before: str, after: str, fault: str) -> None:
    found = [line for line in said(tool(TOOL.replace(before, after, 1))) if f"tool.toml: {fault}" in line]
    assert found
    assert db.session.scalar(select(func.count(Tool.id))) == 0


STANDARDS = """
[[standard]]
name = "Working Together 2010"
source = "statute"
text = "Child protection conferences, plans and core groups."

[[standard]]
name = "Overview report 2009"
source = "learning from reviews"
"""


def with_question(line: str, key: str = "gatekeeping") -> str:
    """The first cycle's tool with a line more for one of its questions."""
    return TOOL.replace(f'key = "{key}"', f'key = "{key}"\n{line}')


def the_question(key: str, version: int = 1) -> Question:
    found = select(Question).join(Section).join(Tool).where(Question.key == key, Tool.version == version)
    return db.session.scalars(found).one()


def test_a_question_tells_its_standard_what_is_expected_and_that_it_is_core(
    tool: Load, clock_at: Callable[[date], None]
) -> None:
    clock_at(date(2010, 9, 1))
    lines = 'standard = "working together 2010"\nexpected_level = 85\ncore = true'
    assert counted(tool(with_question(lines) + STANDARDS)) == (1, 0, 0, 0)
    question = the_question("gatekeeping")
    assert question.standard is not None
    assert (question.standard.name, question.standard.source) == ("Working Together 2010", "statute")
    assert (question.expected_level, question.is_core) == (85, True)
    assert the_question("child_seen").is_core is False
    found = db.session.scalars(select(Tool)).one()
    assert (found.is_draft, found.published_on) == (False, date(2010, 9, 1))
    assert counted(tool(with_question(lines) + STANDARDS)) == (0, 0, 1, 0)


def test_a_standard_that_the_council_has_need_not_be_in_the_file_and_stays_as_it_is(tool: Load) -> None:
    tool(TOOL + STANDARDS)
    second = with_question('standard = "Overview report 2009"').replace("version = 1", "version = 2")
    changed = STANDARDS.replace('source = "learning from reviews"', 'source = "local priority"')
    assert counted(tool(second + changed)) == (1, 0, 0, 0)
    standard = the_question("gatekeeping", version=2).standard
    assert standard is not None
    assert standard.source == "learning from reviews"
    third = STANDARDS + '[[standard]]\nname = "Local plan"\nsource = "local priority"\n'
    assert counted(tool(TOOL + third)) == (0, 1, 0, 0)
    assert db.session.scalar(select(func.count(Standard.id))) == 3


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            with_question('standard = "Working Togethr 2010"') + STANDARDS,
            "is not a standard in this file or in the council's list: the nearest is Working Together 2010",
        ),
        (
            with_question('standard = "Working Together 2010"'),
            "there are no standards yet, so add it to the file as [[standard]]",
        ),
        (
            with_question("expected_level = 101"),
            'key section 2 / question 1 / expected_level, "101": must be from 1 to 100',
        ),
        (with_question('core = "yes"'), 'core, "yes": must be true or false, without quotation marks'),
        (
            TOOL + STANDARDS.replace("statute", "satute"),
            'key standard 1 / source, "satute": must be one of statute, inspection criteria',
        ),
        (
            TOOL + STANDARDS.replace("Overview report 2009", "working together  2010"),
            'key standard 2 / name, "working together 2010": is there twice',
        ),
        (
            TOOL.replace('reference = "child-protection"', 'reference = "child/protection"'),
            'key tool / reference, "child/protection": can only have letters, digits, dots and hyphens',
        ),
        (
            TOOL.replace('reference = "child-protection"', 'reference = "standards"'),
            "must not be “standards”, which the service uses for something else",
        ),
    ],
)
def test_a_wrong_standard_level_or_reference_is_refused_and_nothing_is_taken_in(
    tool: Load, text: str, fault: str
) -> None:
    found = said(tool(text))
    assert [line for line in found if fault in line], found
    assert (db.session.scalar(select(func.count(Tool.id))), db.session.scalar(select(Standard.id))) == (
        0,
        None,
    )


CORE = with_question("core = true")
AREA = 'key_area = "Gatekeeping and decision making on file"'
OTHER_AREA = 'key_area = "Gatekeeping"'


@pytest.mark.parametrize(
    ("first", "then", "difference"),
    [
        # another tool: core on either side is enough
        (CORE, ("other", CORE.replace(AREA, OTHER_AREA)), "its key area there is"),
        (CORE, ("other", TOOL.replace(AREA, OTHER_AREA)), "its key area there is"),
        (TOOL, ("other", CORE.replace(AREA, OTHER_AREA)), "its key area there is"),
        (CORE, ("other", CORE.replace('no = "not met"', 'no = "excluded"')), "responses count differently"),
        (CORE, ("other", CORE.replace('yes = "met"', 'yes = "met"\npartly = "met"')), "count differently"),
        (CORE, ("other", CORE), None),
        (TOOL, ("other", TOOL.replace(AREA, OTHER_AREA)), None),
        (CORE, ("other", CORE.replace('yes = "met"', '"found on file" = "met"')), None),  # only a new name
        # the next version: what was core stays what it was
        (CORE, ("child-protection", CORE.replace(AREA, OTHER_AREA)), "its key area there is"),
        (CORE, ("child-protection", TOOL.replace(AREA, OTHER_AREA)), "its key area there is"),
        (TOOL, ("child-protection", CORE.replace(AREA, OTHER_AREA)), None),
        (CORE, ("child-protection", CORE.replace("Is there evidence of gate", "Was there gate")), None),
    ],
)
def test_a_core_question_keeps_its_meaning_in_every_tool_and_version(
    tool: Load, first: str, then: tuple[str, str], difference: str | None
) -> None:
    assert not tool(first).refused
    reference, text = then
    text = text.replace('"child-protection"', f'"{reference}"')
    if reference == "child-protection":
        text = text.replace("version = 1", "version = 2")
    found = said(tool(text))
    if difference is None:
        assert found == []
    else:
        assert len(found) == 1
        assert (
            'key section 2 / question 1 / key, "gatekeeping": is a core question, so it must be' in found[0]
        )
        assert "the same in child-protection version 1, but" in found[0]
        assert difference in found[0]
        assert "Enter another key." in found[0]


def test_a_file_does_not_overwrite_a_draft_of_the_product(tool: Load) -> None:
    draft = a_tool("child-protection")
    with transaction():
        draft.is_draft = True
    assert "version 1 of child-protection is a draft in the service." in said(tool(TOOL))[0]


def test_the_first_cycle_is_taken_in_closed_and_its_further_tables_are_ignored(app: Flask) -> None:
    a_tool("child-protection")
    outcome = import_cycle(FIRST_CYCLE / "cycle.toml")
    assert (said(outcome), counted(outcome)) == ([], (1, 0, 0, 0))
    found = the_cycle()
    assert (found.closed_on, found.last_counting_day(), found.frozen_on) == (
        date(2010, 12, 17),
        date(2010, 12, 17),
        None,
    )
    assert counted(import_cycle(FIRST_CYCLE / "cycle.toml")) == (0, 0, 1, 0)


def test_a_cycle_without_closing_day_is_open_and_can_be_changed_by_its_file(cycle: Load) -> None:
    cycle(CYCLE)
    assert the_cycle().is_open(date(2010, 12, 1))
    assert counted(cycle(CYCLE + 'selection = "random"\npopulation = 180\n')) == (0, 1, 0, 0)
    assert counted(cycle(CYCLE)) == (0, 0, 1, 0)
    assert (the_cycle().selection, the_cycle().population) == ("random", 180)
    assert [row.what for row in of("cycle", "2010-1")] == [
        "number of cases to choose from changed",
        "way of choosing cases changed",
        "created",
    ]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (
            'tool = "child-protection"',
            'tool = "child-protecton"',
            'key cycle / tool, "child-protecton": there is no such tool: the nearest is child-protection',
        ),
        (
            "due_on = 2010-11-12",
            "due_on = 2010-09-12",
            'key cycle / due_on, "2010-09-12": is before the cycle was requested on 2010-10-04',
        ),
        (
            "due_on = 2010-11-12",
            'due_on = "2010-11-31"',
            'key cycle / due_on, "2010-11-31": must be a real date',
        ),
        (
            "due_on = 2010-11-12",
            "due_on = 2010-11-12\ntool_version = 4",
            'key cycle / tool_version, "4": child-protection has no such version, only 1',
        ),
        (
            "due_on = 2010-11-12",
            'due_on = 2010-11-12\ncomparable_with = "2009-1"',
            'key cycle / comparable_with, "2009-1": there is no such cycle',
        ),
        (
            'title = "First cycle"',
            'titel = "First cycle"',
            "key cycle / titel: is not a known key: the nearest is title",
        ),
        ('"2010-1"', '"2010/1"', 'key cycle / reference, "2010/1": use only letters, digits'),
    ],
)
def test_a_wrong_cycle_is_refused_with_the_place(cycle: Load, before: str, after: str, fault: str) -> None:
    found = [line for line in said(cycle(CYCLE.replace(before, after))) if f"cycle.toml: {fault}" in line]
    assert found
    assert db.session.scalar(select(func.count(Cycle.id))) == 0


def test_a_frozen_cycle_is_changed_by_no_file(cycle: Load) -> None:
    closed = CYCLE + "closed_on = 2010-12-17\n"
    cycle(closed)
    mark_frozen(date(2010, 12, 20))
    assert counted(cycle(closed)) == (0, 0, 1, 0)
    assert said(cycle(closed.replace("2010-12-17", "2010-12-24"))) == [
        (
            'cycle.toml: key cycle / closed_on, "2010-12-24": cycle 2010-1 was frozen on 2010-12-20, so '
            "this cannot change"
        )
    ]
    assert the_cycle().closed_on == date(2010, 12, 17)


def test_an_open_cycle_is_not_frozen_with_those_that_files_brought_closed(cycle: Load) -> None:
    cycle(CYCLE)
    mark_frozen(date(2010, 12, 20))
    assert the_cycle().frozen_on is None


@pytest.mark.parametrize(
    ("days", "is_frozen"),
    [
        ("closed_on = 2010-12-20\n", True),
        ("closed_on = 2010-12-21\n", False),
        ("closed_on = 2010-12-17\ncut_off_on = 2010-12-21\n", False),
        ("closed_on = 2010-12-21\ncut_off_on = 2010-12-17\n", False),
    ],
)
def test_a_cycle_whose_closing_day_or_cut_off_has_not_come_is_not_frozen(
    cycle: Load, days: str, is_frozen: bool
) -> None:
    cycle(CYCLE + days)
    mark_frozen(date(2010, 12, 20))
    assert (the_cycle().frozen_on is not None) is is_frozen


def test_a_cycle_uses_no_draft(cycle: Load) -> None:
    draft = a_tool("child-protection")
    with transaction():
        draft.is_draft = True
    assert "there is no such tool" in said(cycle(CYCLE))[0]


def test_the_tool_of_a_cycle_with_audits_stays(cycle: Load) -> None:
    cycle(CYCLE)
    an_audit(cycle=the_cycle())
    a_tool("cared-for")
    faults = said(cycle(CYCLE.replace('"child-protection"', '"cared-for"')))
    assert faults == [
        "cycle.toml: key cycle / tool: cycle 2010-1 already has audits, so its tool cannot change"
    ]


def test_a_cycle_cannot_have_the_reference_of_a_past_one_as_published(cycle: Load) -> None:
    with transaction():
        past = EarlierCycle(
            reference="2010-1", title="As published", reported_on=date(2009, 6, 3), source="Annual report"
        )
        db.session.add(past)
    faults = said(cycle(CYCLE))
    assert len(faults) == 1
    assert "Cycle 2010-1 already exists" in faults[0]
    assert db.session.scalars(select(Cycle)).all() == []
