"""Taking in an audit tool from a toml file. A version that is there already never changes."""

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.database import db, transaction
from app.files.cells import one_of, prose, text
from app.files.faults import folded, nearest
from app.files.imported import Imported
from app.files.toml_files import ByName, Each, Key, Keys, Number, Text, TomlReading, WholeNumber, read_toml
from app.history.record import Event, record
from app.tools.models import Question, ScaleResponse, Section, Tool

MET, NOT_MET, EXCLUDED = "met", "not met", "excluded"

QUESTION = Keys(
    Key("key", Text(text(80)), needed=True),
    Key("key_area", Text(text(200)), needed=True),
    Key("text", Text(prose(1000)), needed=True),
    Key("scale", Text(text(80)), needed=True),
    Key("guidance", Text(prose())),
)

TOOL = Keys(
    Key(
        "tool",
        Keys(
            Key("reference", Text(text(80)), needed=True),
            Key("title", Text(text(200)), needed=True),
            Key("version", WholeNumber(least=1), needed=True),
            Key("minimum_answered", Number(0, 1), needed=True),
            Key("minimum_count", WholeNumber(), needed=True),
        ),
        needed=True,
    ),
    Key("scales", ByName(ByName(Text(one_of(MET, NOT_MET, EXCLUDED)))), needed=True),
    Key(
        "section",
        Each(Keys(Key("title", Text(text(200)), needed=True), Key("question", Each(QUESTION), needed=True))),
        needed=True,
    ),
)


def import_tool(path: Path, *, dry_run: bool = False) -> Imported:
    """Take in one version of a tool; nothing when the file has a fault, or with `dry_run`.

    A published version never changes: the same again is unchanged, one that differs is a fault.
    """
    reading = read_toml(path, TOOL)
    outcome = Imported(reading.file, "tool")
    if not reading.faults:
        _refuse_contradictions(reading)
    if not reading.faults:
        tool = _tool_of(reading.values)
        with transaction():
            known = db.session.scalars(
                select(Tool).where(Tool.reference == tool.reference, Tool.version == tool.version)
            ).one_or_none()
            if known is None:
                outcome.added = 1
                if not dry_run:
                    db.session.add(tool)
                    subject = f"{tool.reference} {tool.version}"
                    record("import", [Event("tool", subject, "published", after=tool.title)])
            elif _content(known) == _content(tool):
                outcome.unchanged = 1
            else:
                reading.refuse(
                    f"version {tool.version} of {tool.reference} is there already and differs; a published "
                    "version never changes, so give the changed tool a new version",
                    "tool",
                    "version",
                    value=str(tool.version),
                )
    outcome.faults = reading.faults
    return outcome


def _refuse_contradictions(reading: TomlReading) -> None:
    for kind in ("scales", "section"):
        if not reading.values[kind]:
            reading.refuse("is empty", kind)
    for name, responses in reading.values["scales"].items():
        _refuse_scale(reading, name, responses)
    first_places: dict[str, str] = {}
    for number, section in enumerate(reading.values["section"], start=1):
        if not section["question"]:
            reading.refuse("has no question", "section", number)
        for position, question in enumerate(section["question"], start=1):
            here = f"section {number}, question {position}"
            first = first_places.setdefault(question["key"], here)
            place = ("section", number, "question", position)
            if first != here:
                reading.refuse(f"is also the key of {first}", *place, "key", value=question["key"])
            _refuse_unknown_scale(reading, question["scale"], place)


def _refuse_scale(reading: TomlReading, name: str, responses: dict[str, str]) -> None:
    if not {MET, NOT_MET} & set(responses.values()):
        reading.refuse("counts nothing: no response is met or not met", "scales", name)
    for response, times in Counter(folded(response) for response in responses).items():
        if times > 1:
            reading.refuse("is there twice, in other letter case or spacing", "scales", name, response)


def _refuse_unknown_scale(reading: TomlReading, scale: str, place: tuple[str | int, ...]) -> None:
    scales = reading.values["scales"]
    if scales and scale not in scales:
        why = f"is not one of the scales; the nearest is {nearest(scale, scales)}"
        reading.refuse(why, *place, "scale", value=scale)


def _tool_of(values: dict[str, Any]) -> Tool:
    return Tool(
        **values["tool"],
        responses=[
            ScaleResponse(scale=scale, position=position, response=response, counts_as=counts_as)
            for scale, responses in values["scales"].items()
            for position, (response, counts_as) in enumerate(responses.items(), start=1)
        ],
        sections=[
            Section(
                position=number,
                title=section["title"],
                questions=[
                    Question(position=position, **question)
                    for position, question in enumerate(section["question"], start=1)
                ],
            )
            for number, section in enumerate(values["section"], start=1)
        ],
    )


def _content(tool: Tool) -> object:
    """Everything that a version says; two that say the same are the same version."""
    return (
        tool.title,
        tool.minimum_answered,
        tool.minimum_count,
        sorted((one.scale, one.position, one.response, one.counts_as) for one in tool.responses),
        [
            (
                section.title,
                [
                    (question.key, question.key_area, question.text, question.scale, question.guidance)
                    for question in section.questions
                ],
            )
            for section in tool.sections
        ],
    )
