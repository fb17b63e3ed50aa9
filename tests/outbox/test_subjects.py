"""The subjects of emails: at most 60 characters, whatever references, names and numbers are in them."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.outbox.subjects import LONGEST, fitting
from app.watching.troubles import Kind as TroubleKind

EMAILS = Path(__file__).parents[2] / "templates" / "emails"
TEXTS = st.text(max_size=120)


@pytest.mark.parametrize(
    ("wordings", "subject"),
    [
        (["Return audit CP-001 by Friday 12 November"], "Return audit CP-001 by Friday 12 November"),
        ([" Return  audit ", ""], "Return audit"),
        (["", "x" * 61, "short"], "short"),
        (["x" * 60], "x" * 60),
        (["x" * 61], "x" * 59 + "…"),
        (["word " * 13], "word " * 10 + "word word…"),
        ([f"{'a' * 59} b"], "a" * 59 + "…"),
        ([f"{'a' * 50}, {'b' * 20}"], "a" * 50 + "…"),
        ([], ""),
    ],
)
def test_the_first_wording_that_fits_is_the_subject(wordings: list[str], subject: str) -> None:
    assert fitting(wordings) == subject


@given(st.lists(TEXTS, max_size=4))
def test_no_subject_is_longer_than_60_characters(wordings: list[str]) -> None:
    subject = fitting(wordings)
    assert len(subject) <= LONGEST
    assert subject == " ".join(subject.split())
    assert bool(subject) == any(wording.split() for wording in wordings)


REFERENCES = ("CP-001", "SAFEGUARDING-2026-CHILDREN-IN-NEED-AUDIT-000123", "R" * 90)
DAYS = (date(2010, 11, 12), date(2026, 9, 30))
NAMES = ("Ann Lee", "Featherstonehaugh-Cholmondeley " * 3)


def _line(
    reference: str, day: date, part: str, late: int, to_do: str, *, is_again: bool = False
) -> SimpleNamespace:
    return SimpleNamespace(
        reference=reference,
        due_on=day,
        returned_on=day,
        part=part,
        is_late=late > 0,
        late=late,
        to_do=to_do,
        partner=None,
        is_again=is_again,
    )


def _chases() -> list[dict[str, object]]:
    lines = [
        _line(reference, day, part, late, to_do)
        for reference in REFERENCES
        for day in DAYS
        for part in ("lead", "second")
        for late in (0, 12)
        for to_do in ("return", "confirm")
    ]
    alone: list[dict[str, object]] = [
        {"lines": [line], "sent_back": sent_back}
        for line in lines
        for sent_back in (False, True)
        if not (sent_back and line.to_do == "confirm")
    ]
    return [*alone, *({"lines": [line] * 2600, "sent_back": False} for line in lines)]


def _cycles(number: int, reference: str) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(reference=reference, due_this_week=1234, overdue=2345, returns="1234 of 2345 (53%)")
    ] * number


def _audited() -> list[dict[str, object]]:
    lines = [
        _line(reference, day, "", late, "") for reference in REFERENCES for day in DAYS for late in (0, 12)
    ]
    alone: list[dict[str, object]] = [{"lines": [line], "cases": 1} for line in lines]
    several: list[dict[str, object]] = [
        {"lines": [line] * 2600, "cases": cases} for line in lines for cases in (1, 2, 2600)
    ]
    return alone + several


def _given() -> list[dict[str, object]]:
    lines = [
        SimpleNamespace(
            given=SimpleNamespace(kind=kind, reference=reference),
            due_on=due_on,
            is_late=late and due_on,
            is_again=is_again,
            is_agreed=is_agreed,
        )
        for kind in ("action", "recommendation", "remedy")
        for reference in REFERENCES
        for due_on in (*DAYS, None)
        for late in (False, True)
        for is_again, is_agreed in ((False, False), (True, False), (False, True))
    ]
    return [{"lines": [line] * number} for line in lines for number in (1, 2600)]


CASES: dict[str, list[dict[str, object]]] = {
    "alert": [{"alert": reference, "again": again} for reference in REFERENCES for again in (False, True)],
    "assigned": [
        {"lines": [_line(reference, day, "lead", 0, "return", is_again=is_again)] * number}
        for reference in REFERENCES
        for day in DAYS
        for number in (1, 2600)
        for is_again in (False, True)
    ],
    "audited": _audited(),
    "chase": _chases(),
    "confirm": [
        {"line": _line(reference, day, "second", 0, "confirm")} for reference in REFERENCES for day in DAYS
    ],
    "declined": [
        {"reference": reference, "needed": needed, "for_one": needed == "auditor", "due_on": day}
        for reference in REFERENCES
        for needed in ("lead auditor", "second auditor", "auditor")
        for day in DAYS
    ],
    "given": _given(),
    "handed-over": [
        {"references": [reference] * number, "because": because}
        for reference in REFERENCES
        for number in (1, 2600)
        for because in ("replaced", "withdrawn", "exempt")
    ],
    "to-do-again": [
        {"lines": [_line(reference, day, "lead", late, "return")] * number}
        for reference in REFERENCES
        for day in DAYS
        for late in (0, 12)
        for number in (1, 2600)
    ],
    "response": [{"reference": reference, "due_on": day} for reference in REFERENCES for day in DAYS],
    "reply": [{"reference": reference, "due_on": day} for reference in REFERENCES for day in DAYS],
    "replied": [{"reference": reference} for reference in REFERENCES],
    "retention": [{"reference": reference, "removed_on": day} for reference in REFERENCES for day in DAYS],
    "history": [
        {"of_numbers": of_numbers, "of_frozen": of_frozen}
        for of_numbers, of_frozen in ((True, False), (False, True), (False, False))
    ],
    "trouble": [
        {"kind": kind.value, "is_over": is_over} for kind in TroubleKind for is_over in (True, False)
    ],
    "invitation": [{"within": "14 days"}, {"within": ""}],
    "password": [{"within": "3 hours"}],
    "test": [{}],
    "access": [
        {"is_own": is_own, "people": [SimpleNamespace(name=name)] * number}
        for is_own in (False, True)
        for name in NAMES
        for number in (1, 2600)
    ],
    "role-request": [{"person": SimpleNamespace(name=name)} for name in NAMES],
    "key-ends": [{"ends_on": day} for day in DAYS],
    "weekly": [{"cycles": _cycles(number, reference)} for number in (1, 12) for reference in REFERENCES],
    # tests/reminders/test_lines.py has the counted things
    "calls": [
        {"lines": [0] * number, "more": 0, "counted": [f"{name} overdue", "2600 items overdue"]}
        for number in (1, 2600)
        for name in NAMES
    ],
    "digest": [{"counted": [f"{name} overdue", "2600 items overdue"]} for name in NAMES],
    "manager": [
        {"deputy_of": SimpleNamespace(team=f"{name}’s team"), "counted": ["2600 items overdue"]}
        for name in NAMES
    ],
    "practice": [
        {"quick_win": SimpleNamespace(subject=subject)}
        for subject in ("Child seen", f"Write down\n{'who saw the child and when ' * 3}")
    ],
}
CUT = "practice"
"""The kind whose subject the council writes: it is cut where it is too long."""


def test_every_kind_has_its_cases() -> None:
    assert CASES.keys() == {folder.name for folder in EMAILS.iterdir() if folder.is_dir()}


def _subject(app: Flask, kind: str, values: dict[str, object]) -> str:
    template = app.jinja_env.get_template(f"emails/{kind}/subject.txt")
    return fitting(template.render(base_url="", **values).split("\n"))


@pytest.mark.parametrize("kind", CASES)
def test_no_subject_of_a_kind_is_too_long_and_each_says_by_when(app: Flask, kind: str) -> None:
    for values in CASES[kind]:
        subject = _subject(app, kind, values)
        assert 0 < len(subject) <= LONGEST, subject
        assert kind == CUT or "…" not in subject, subject
    for values in CASES[kind] if kind in ("assigned", "chase", "confirm", "declined") else []:
        assert any(f"{day.day} {day:%B}" in _subject(app, kind, values) for day in DAYS)


@pytest.mark.parametrize(
    ("kind", "values", "subject"),
    [
        (
            "chase",
            {"lines": [_line("CC-015", date(2010, 12, 8), "lead", 0, "return")], "sent_back": True},
            "Audit CC-015 sent back: add what is missing by 8 December",
        ),
        (
            "chase",
            {"lines": [_line("CC-015", date(2010, 12, 8), "lead", 2, "return")], "sent_back": True},
            "Audit CC-015 sent back: was due Wednesday 8 December 2010",
        ),
        (
            "chase",
            {"lines": [_line("CC-015", date(2010, 12, 8), "second", 0, "return")], "sent_back": False},
            "Complete your part of audit CC-015 by 8 December 2010",
        ),
        (
            "chase",
            {"lines": [_line("CC-015", date(2010, 12, 8), "second", 2, "return")], "sent_back": False},
            "Your part of audit CC-015: overdue since 8 December 2010",
        ),
        (
            "chase",
            {"lines": [_line(REFERENCES[1], date(2010, 12, 8), "lead", 0, "return")], "sent_back": False},
            "Return an audit by Wednesday 8 December 2010",
        ),
        (
            "audited",
            {"lines": [_line("CC-015", date(2010, 12, 8), "", 2, "")], "cases": 1},
            "A case of yours is being audited: was due 8 December 2010",
        ),
        (
            "audited",
            {"lines": [_line("CC-015", date(2010, 12, 8), "", 0, "")] * 2, "cases": 2},
            "2 cases of yours are being audited: first due 8 December",
        ),
        (
            "declined",
            {
                "reference": "CC-015",
                "needed": "second auditor",
                "for_one": False,
                "due_on": date(2010, 12, 8),
            },
            "Audit CC-015 needs a second auditor: due 8 December 2010",
        ),
        (
            "weekly",
            {"cycles": _cycles(12, "2010-1")},
            "This week: 14,808 audits due, 28,140 overdue in 12 cycles",
        ),
        (
            "weekly",
            {"cycles": _cycles(1, "2010-1")},
            "Cycle 2010-1: 1,234 audits due this week, 2,345 overdue",
        ),
    ],
)
def test_a_subject_keeps_what_fits(app: Flask, kind: str, values: dict[str, object], subject: str) -> None:
    assert _subject(app, kind, values) == subject
