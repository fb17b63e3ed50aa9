"""A tool that asks for all kinds of answers, with conditions, a section that may be set aside, and limits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.answers.models import Answer, SectionSetAside
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.tools.importing import import_tool
from app.tools.models import Section, Tool
from tests.answers.filling import question_id, response_to
from tests.factories import a_cycle

MEETING = "Was a strategy meeting held?"
DAYS = "How long did it take to meet?"
WHO = "Who came?"
VISITS = "How many visits were made?"
WHY_NOT = "Is it recorded why there was no meeting?"
EARLY = "Was early help offered?"
EARLY_GRADE = "How good was early help?"
REVIEW = "Was the meeting reviewed?"
OVERALL = "Overall, how good is the work?"

TOOL = """
[tool]
reference = "every-kind"
title = "Every kind of question"
version = 1
minimum_answered = 0.8
minimum_count = 10
unit = "{unit}"
overall = "overall"

[scales.evidence]
yes = "met"
no = "not met"
"not applicable" = "excluded"

[scales.grade]
good = "met"
"requires improvement" = "not met"
inadequate = "not met"
"not applicable" = "excluded"

[scales.agencies]
several = true
kind = "category"
[[scales.agencies.response]]
name = "police"
[[scales.agencies.response]]
name = "health"
[[scales.agencies.response]]
name = "school"
[[scales.agencies.response]]
name = "not applicable"
counts_as = "excluded"

[[section]]
title = "Meeting"

[[section.question]]
key = "meeting"
key_area = "Meeting held"
text = "Was a strategy meeting held?"
scale = "evidence"

[[section.question]]
key = "days"
key_area = "Meeting in time"
text = "How long did it take to meet?"
answer = "days"
from_label = "Referral"
to_label = "Meeting"
counted_in = "working"
met_up_to = 10
applies_if = {question = "meeting", response = ["yes"]}

[[section.question]]
key = "who"
key_area = "Who came"
text = "Who came?"
scale = "agencies"
applies_if = {question = "meeting", response = ["yes"]}

[[section.question]]
key = "why_not"
key_area = "Reason recorded"
text = "Is it recorded why there was no meeting?"
scale = "evidence"
applies_if = {question = "meeting", response = ["no"]}

[[section.question]]
key = "visits"
key_area = "Visits"
text = "How many visits were made?"
answer = "number"
unit = "visits"

[[section]]
title = "Early help"
key = "early_help"
optional = true

[[section.question]]
key = "early"
key_area = "Early help offered"
text = "Was early help offered?"
scale = "evidence"

[[section.question]]
key = "early_grade"
key_area = "Early help"
text = "How good was early help?"
scale = "grade"
applies_if = {question = "early", response = ["yes"]}

[[section]]
title = "After the meeting"
applies_if = {question = "meeting", response = ["yes"]}

[[section.question]]
key = "review"
key_area = "Meeting reviewed"
text = "Was the meeting reviewed?"
scale = "evidence"

[[section]]
title = "Overall"

[[section.question]]
key = "overall"
key_area = "Overall grade"
text = "Overall, how good is the work?"
scale = "grade"

[[limit]]
if_any = ["inadequate"]
at_most = "requires improvement"
"""


def a_cycle_of_every_kind(folder: Path, unit: str = "child’s record") -> Cycle:
    """A cycle with that tool."""
    file = folder / "tool.toml"
    file.write_text(TOOL.replace("{unit}", unit), encoding="utf-8")
    imported = import_tool(file)
    assert not imported.faults, imported.faults
    cycle = a_cycle("2010-1")
    with transaction():
        tool_id = db.session.scalars(select(Tool.id).where(Tool.reference == "every-kind")).one()
        db.session.get_one(Cycle, cycle.id).tool_id = tool_id
    return cycle


def hand_in(reference: str, answers: Mapping[str, str], **values: Any) -> None:
    """Store answers of an audit as they were before, by question."""
    with transaction():
        audit_id = db.session.scalars(select(Audit.id).where(Audit.called(reference))).one()
        db.session.add_all(
            Answer(
                audit_id=audit_id,
                question_id=question_id(question),
                response_id=response_to(question, response),
                **values,
            )
            for question, response in answers.items()
        )


def set_early_help_aside(reference: str) -> None:
    """Set the optional section aside for the case of an audit."""
    with transaction():
        audit_id = db.session.scalars(select(Audit.id).where(Audit.called(reference))).one()
        section_id = db.session.scalars(select(Section.id).where(Section.key == "early_help")).one()
        db.session.add(SectionSetAside(audit_id=audit_id, section_id=section_id))
