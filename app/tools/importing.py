"""The import of an audit tool from a toml file, which publishes it; a published version never changes."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from app.clock import today
from app.database import db, transaction
from app.files.cells import one_of, prose, text
from app.files.faults import suggestion
from app.files.imported import Imported
from app.files.new_names import new_names
from app.files.toml_files import (
    ByName,
    Each,
    Key,
    Keys,
    Number,
    Shape,
    Text,
    TomlReading,
    TrueOrFalse,
    WholeNumber,
    read_toml,
)
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.names import Names
from app.tools.content import (
    ANSWERS,
    CALENDAR,
    DAYS,
    EXCLUDED,
    KINDS,
    MET,
    MOST,
    NEITHER,
    NOT_MET,
    RESPONSE,
    SOURCES,
    UNIT,
    WORKING,
    Asked,
    Content,
    Part,
    Scale,
)
from app.tools.models import Standard, Tool
from app.tools.queries import content_of, elsewhere, found, standard_ids
from app.tools.rows import call_of, ceiling_of, condition_of, limits_of, tool_of
from app.tools.soundness import unsound
from app.tools.unsound import Place

LISTED = "response"
"""The key of the list of responses; a scale without one has a key for each response."""


class ScaleShape:
    """A scale: each response with how it counts, `kind` and `several` beside them; or `[[response]]`."""

    counts_as = Text(one_of(MET, NOT_MET, EXCLUDED))
    one = Keys(Key("name", Text(text(200)), needed=True), Key("counts_as", counts_as))
    about: Mapping[str, Shape] = MappingProxyType({"kind": Text(one_of(*KINDS)), "several": TrueOrFalse()})

    def read(self, value: Any, place: Place, reading: TomlReading) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            reading.refuse("must be a table", *place, value=str(value))
            return None
        said: dict[str, Any] = {"kind": "", "several": False}
        for name, shape in self.about.items():
            if name in value:
                said[name] = shape.read(value[name], (*place, name), reading) or said[name]
        responses = {name: counts for name, counts in value.items() if name not in self.about}
        if isinstance(listed := responses.get(LISTED), list):
            for name in responses.keys() - {LISTED}:
                reading.refuse("must be one of the responses in [[response]]", *place, name)
            each = Each(self.one).read(listed, (*place, LISTED), reading) or ()
            pairs = [(row["name"] or "", row["counts_as"] or NEITHER) for row in each if row]
        else:
            pairs = [
                (name, self.counts_as.read(counts, (*place, name), reading))
                for name, counts in responses.items()
            ]
        return said | {"responses": tuple(pairs)}


KEYS_OF_A_SCALE = ScaleShape.about.keys() | {LISTED}
"""The keys of a scale in a file that are no responses."""


RESPONSES = Each(Text(text(200)))

CONDITION = Keys(Key("question", Text(text(80)), needed=True), Key("response", RESPONSES, needed=True))

QUESTION = Keys(
    Key("key", Text(text(80)), needed=True),
    Key("key_area", Text(text(200)), needed=True),
    Key("text", Text(prose(1000)), needed=True),
    Key("scale", Text(text(80))),
    Key("guidance", Text(prose())),
    Key("standard", Text(text(200))),
    Key("expected_level", WholeNumber(least=1, most=100)),
    Key("core", TrueOrFalse()),
    Key("answer", Text(one_of(*ANSWERS))),
    Key("unit", Text(text(80))),
    Key("from_label", Text(text(200))),
    Key("to_label", Text(text(200))),
    Key("counted_in", Text(one_of(CALENDAR, WORKING))),
    Key("met_up_to", Number(-MOST, MOST)),
    Key("met_from", Number(-MOST, MOST)),
    Key("applies_if", CONDITION),
    Key("per_case", TrueOrFalse()),
    Key("theme", Text(text(200))),
    Key("recorded_in", Text(text(200))),
    Key(
        "at_most",
        Keys(
            Key("response", RESPONSES, needed=True),
            Key("percent", WholeNumber(least=0, most=100), needed=True),
        ),
    ),
    Key(
        "calls_for_response",
        Keys(Key("response", RESPONSES, needed=True), Key("working_days", WholeNumber(least=1, most=250))),
    ),
)

STANDARD = Keys(
    Key("name", Text(text(200)), needed=True),
    Key("source", Text(one_of(*SOURCES)), needed=True),
    Key("text", Text(prose(1000))),
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
            Key("unit", Text(text(80))),
            Key("overall", Text(text(80))),
        ),
        needed=True,
    ),
    Key("scales", ByName(ScaleShape()), needed=True),
    Key(
        "section",
        Each(
            Keys(
                Key("title", Text(text(200)), needed=True),
                Key("key", Text(text(80))),
                Key("optional", TrueOrFalse()),
                Key("applies_if", CONDITION),
                Key("question", Each(QUESTION), needed=True),
            )
        ),
        needed=True,
    ),
    Key(
        "limit",
        Each(
            Keys(
                Key("if_any", RESPONSES, needed=True),
                Key("of", RESPONSES),
                Key("at_most", Text(text(200)), needed=True),
            )
        ),
    ),
    Key("standard", Each(STANDARD)),
)


def import_tool(path: Path, *, dry_run: bool = False) -> Imported:
    """Take in one version of a tool; nothing when the file has a fault, or with `dry_run`.

    A published version never changes: the same again is unchanged, one that differs is a fault. A standard
    that is new is added to the council's list; one that is there stays as it is there.
    """
    reading = read_toml(path, TOOL)
    outcome = Imported(reading.file, "tool")
    if not reading.faults:
        with transaction():
            _take_in(reading, outcome, dry_run)
    outcome.faults = reading.faults
    return outcome


def _take_in(reading: TomlReading, outcome: Imported, dry_run: bool) -> None:
    standards = Names((standard.name, standard) for standard in db.session.scalars(select(Standard)))
    new = _new_standards(reading, standards)
    outcome.warnings += new_names("standard", new, standards)
    reading.values["tool"]["reference"] = Tool.as_stored(reading.values["tool"]["reference"])
    content = content_in(reading, Names((name, name) for name in (*standards, *new)))
    questions = elsewhere(question.key for question in content.questions())
    for fault in unsound(content, questions):
        reading.refuse(fault.why, *fault.place, value=fault.value)
    known = found(content.reference, content.version)
    if known is not None:
        _refuse_difference(reading, content_of(known) == content, content, is_draft=known.is_draft)
    if reading.faults:
        return
    if known is None:
        outcome.added = 1
    elif new:
        outcome.changed = 1
    else:
        outcome.unchanged = 1
    if dry_run:
        return
    events = [
        Event("standard", standard.name, "added", after=standard.source, why=FROM_A_FILE)
        for standard in new.values()
    ]
    db.session.add_all(new.values())
    db.session.flush()
    if known is None:
        tool = tool_of(content, standard_ids())
        tool.published_on = today()
        db.session.add(tool)
        events.append(Event("tool", content.name, "published", after=tool.title, why=FROM_A_FILE))
    record(IMPORT, events)


def _refuse_difference(reading: TomlReading, same: bool, content: Content, *, is_draft: bool) -> None:
    version = f"version {content.version} of {content.reference}"
    if is_draft:
        why = (
            f"{version} is a draft in the service. Publish or delete the draft, or give the tool in the file "
            "another version."
        )
    elif not same:
        why = (
            f"{version} is already published and differs from the file. A published version cannot change, "
            "so give the tool in the file a new version."
        )
    else:
        return
    reading.refuse(why, "tool", "version", value=str(content.version))


def _new_standards(reading: TomlReading, known: Names[Standard]) -> Names[Standard]:
    """Return the file's standards that are not in the council's list."""
    seen: Names[str] = Names()
    new: Names[Standard] = Names()
    for number, values in enumerate(reading.values["standard"] or (), start=1):
        name = values["name"]
        if name in seen:
            reading.refuse("is there twice, in another spelling", "standard", number, "name", value=name)
        elif name not in known:
            new[name] = Standard(**values)
        seen[name] = name
    return new


def content_in(reading: TomlReading, standards: Names[str]) -> Content:
    """Return the content of the file, with its standards as the council writes them. An unknown standard
    is a fault."""
    values = reading.values

    def question(place: Place, asked: dict[str, Any]) -> Asked:
        standard = asked.pop("standard")
        name = standards.get(standard)
        if standard and name is None:
            hint = (
                suggestion(standard, standards.values())
                if standards
                else ": there are no standards yet, so add it to the file as [[standard]]"
            )
            why = f"is not a standard in this file or in the council's list{hint}"
            reading.refuse(why, *place, "standard", value=standard)
        answer = asked.pop("answer") or RESPONSE
        if answer == DAYS:
            asked["counted_in"] = asked["counted_in"] or CALENDAR
        if answer == RESPONSE and asked["scale"] is None:
            reading.refuse("is missing", *place, "scale")
        return Asked(
            standard=name,
            is_core=bool(asked.pop("core")),
            answer=answer,
            per_case=bool(asked.pop("per_case")),
            applies_if=condition_of(asked.pop("applies_if")),
            at_most=ceiling_of(asked.pop("at_most")),
            calls_for_response=call_of(asked.pop("calls_for_response")),
            **asked,
        )

    tool = dict(values["tool"])
    return Content(
        **tool | {"unit": tool["unit"] or UNIT},
        scales=tuple(Scale(name, **scale) for name, scale in sorted(values["scales"].items()) if scale),
        sections=tuple(
            Part(
                section["title"],
                tuple(
                    question(("section", number, "question", position), dict(values))
                    for position, values in enumerate(section["question"], start=1)
                ),
                section["key"],
                bool(section["optional"]),
                condition_of(section["applies_if"]),
            )
            for number, section in enumerate(values["section"], start=1)
        ),
        limits=limits_of(values["limit"]),
    )
