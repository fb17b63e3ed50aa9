"""The kinds of scales in files: as they are written, as they are left out, and as they are wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.files.imported import Imported
from app.tools.content import Scale
from app.tools.importing import import_tool
from app.tools.queries import content_of, found

from .conftest import counted, said

Load = Callable[[str], Imported]

TOOL = """
[tool]
reference = "who"
title = "Who was asked"
version = 1
minimum_answered = 0.8
minimum_count = 10

[scales.scale]
SCALE

[[section]]
title = "All"

[[section.question]]
key = "first"
key_area = "First"
text = "Who was it?"
scale = "scale"
QUESTION
"""
EVIDENCE = 'yes = "met"\nno = "not met"'
GRADE = 'good = "met"\nadequate = "not met"\ninadequate = "not met"'
LISTED = """
kind = "category"
several = true
[[scales.scale.response]]
name = "home"
[[scales.scale.response]]
name = "not known"
counts_as = "excluded"
"""


def the_tool(scale: str = EVIDENCE, question: str = "") -> str:
    return TOOL.replace("SCALE", scale).replace("QUESTION", question)


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    def from_text(text: str) -> Imported:
        path = tmp_path / "tool.toml"
        path.write_text(text, encoding="utf-8")
        return import_tool(path)

    return from_text


def the_scale() -> Scale:
    tool = found("who", 1)
    assert tool is not None
    return content_of(tool).scales[0]


@pytest.mark.parametrize(
    ("scale", "kind", "several", "responses"),
    [
        (EVIDENCE, "evidence", False, (("yes", "met"), ("no", "not met"))),
        (GRADE, "grade", False, (("good", "met"), ("adequate", "not met"), ("inadequate", "not met"))),
        (
            f'kind = "evidence"\n{GRADE}',
            "evidence",
            False,
            (("good", "met"), ("adequate", "not met"), ("inadequate", "not met")),
        ),
        (f'{EVIDENCE}\nkind = "grade"', "grade", False, (("yes", "met"), ("no", "not met"))),
        (
            'kind = "category"\nresponse = [{name = "consultant"}, {name = "CMO"}]',
            "category",
            False,
            (("consultant", "neither"), ("CMO", "neither")),
        ),
        (
            LISTED,
            "category",
            True,
            (("home", "neither"), ("not known", "excluded")),
        ),
        (
            'kind = "grade"\nresponse = [{name = "a", counts_as = "met"}, {name = "n", counts_as = "met"}]',
            "grade",
            False,
            (("a", "met"), ("n", "met")),
        ),
        # a response can have any name
        ('response = "met"\nno = "not met"', "evidence", False, (("response", "met"), ("no", "not met"))),
    ],
)
def test_a_scale_is_written_in_either_form_with_its_kind(
    load: Load, scale: str, kind: str, several: bool, responses: tuple[tuple[str, str], ...]
) -> None:
    assert counted(load(the_tool(scale))) == (1, 0, 0, 0)
    assert the_scale() == Scale("scale", responses, kind, several)


@pytest.mark.parametrize(
    ("without", "with_kind"),
    [
        (EVIDENCE, f'kind = "evidence"\n{EVIDENCE}'),
        (GRADE, f'kind = "grade"\n{GRADE}'),
        (EVIDENCE, 'response = [{name = "yes", counts_as = "met"}, {name = "no", counts_as = "not met"}]'),
        (EVIDENCE, f"several = false\n{EVIDENCE}"),
    ],
)
def test_a_file_that_does_not_say_the_kind_does_not_differ_by_it(
    load: Load, without: str, with_kind: str
) -> None:
    load(the_tool(without))
    assert counted(load(the_tool(with_kind))) == (0, 0, 1, 0)


def test_another_kind_is_another_tool(load: Load) -> None:
    load(the_tool(GRADE))
    assert (
        "version 1 of who is already published and differs from the file"
        in said(load(the_tool(f'kind = "evidence"\n{GRADE}')))[0]
    )


@pytest.mark.parametrize(
    ("scale", "fault"),
    [
        (
            f'kind = "marks"\n{EVIDENCE}',
            'scales / scale / kind, "marks": must be one of evidence, grade, category',
        ),
        (f"kind = 1\n{EVIDENCE}", 'scales / scale / kind, "1": must be text in quotation marks'),
        (
            f'several = "yes"\n{EVIDENCE}',
            'scales / scale / several, "yes": must be true or false, without quotation marks',
        ),
        (
            f"several = true\n{EVIDENCE}",
            "scales / scale: can only have several responses to an answer if its kind is category",
        ),
        (
            f'kind = "category"\n{EVIDENCE}',
            "scales / scale: is a category, so no response can count as met or not met",
        ),
        (
            'kind = "category"\nresponse = [{name = "unknown", counts_as = "excluded"}]',
            "scales / scale: needs a response that is not left out",
        ),
        (
            'kind = "evidence"\nresponse = [{name = "yes", counts_as = "met"}, {name = "no"}]',
            "scales / scale: must say of each response if it counts as met, not met or excluded",
        ),
        ('kind = "grade"\ngood = "met"', "scales / scale: needs at least 2 grades"),
        (
            'response = [{name = "yes", counts_as = "found"}]',
            'scales / scale / response 1 / counts_as, "found": must be one of met, not met, excluded',
        ),
        (
            'response = [{counts_as = "met"}]',
            "scales / scale / response 1 / name: is missing",
        ),
        (
            'no = "not met"\nresponse = [{name = "yes", counts_as = "met"}]',
            "scales / scale / no: must be one of the responses in [[response]]",
        ),
        ("yes = true", 'scales / scale / yes, "true": must be text in quotation marks'),
    ],
)
def test_a_wrong_scale_is_refused_with_the_place(load: Load, scale: str, fault: str) -> None:
    assert f"tool.toml: key {fault}" in said(load(the_tool(scale)))
    assert found("who", 1) is None


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ('answer = "text"', 'answer, "text": must be one of response, number, days'),
        ('answer = "number"', 'scale, "scale": is not for a question that asks for a number or days'),
        ("met_up_to = 3", "met_up_to: is only for a question that asks for a number or days"),
        ('met_from = "3"', 'met_from, "3": must be a number without quotation marks'),
        ('counted_in = "weeks"', 'counted_in, "weeks": must be one of calendar, working'),
        ("per_case = 1", 'per_case, "1": must be true or false, without quotation marks'),
        ("at_most = 10", 'at_most, "10": must be a table'),
        ("at_most = {percent = 10}", "at_most / response: is missing"),
        ('at_most = {response = ["no"]}', "at_most / percent: is missing"),
        ('at_most = {response = ["no"], percent = 101}', 'at_most / percent, "101": must be from 0 to 100'),
        (
            'at_most = {response = ["noe"], percent = 10}',
            'at_most, "noe": is not a response of the scale “scale”: choose from yes, no',
        ),
        (
            'calls_for_response = {response = ["no"], working_days = 0}',
            'calls_for_response / working_days, "0": must be from 1 to 250',
        ),
        (
            'applies_if = {question = "frst", response = ["yes"]}',
            'applies_if, "frst": is not the key of an earlier question',
        ),
        ('applies_if = {response = ["yes"]}', "applies_if / question: is missing"),
        ('applies_if = {question = "first"}', "applies_if / response: is missing"),
    ],
)
def test_a_wrong_question_is_refused_with_the_place(load: Load, question: str, fault: str) -> None:
    assert f"tool.toml: key section 1 / question 1 / {fault}" in said(load(the_tool(question=question)))
