"""Reading toml: values by key, and every fault by key or line."""

from datetime import date
from pathlib import Path

import pytest

from app.files.cells import one_of, text
from app.files.toml_files import (
    Anything,
    ByName,
    Day,
    Each,
    Key,
    Keys,
    Number,
    Text,
    WholeNumber,
    parsed,
    read_toml,
    read_toml_content,
)

TOO_DEEP = "the file has too many lists or tables inside each other"
QUOTED = "'a b'"
QUESTION = Keys(Key("key", Text(text(40)), needed=True), Key("scale", Text(one_of("yes", "no"))))
TOOL = Keys(
    Key(
        "tool",
        Keys(
            Key("reference", Text(text(40)), needed=True),
            Key("version", WholeNumber(1, 1000)),
            Key("minimum_answered", Number(0, 1)),
            Key("published_on", Day()),
        ),
        needed=True,
    ),
    Key("scales", ByName(ByName(Text(one_of("met", "not met", "excluded"))))),
    Key("section", Each(Keys(Key("title", Text(text(200))), Key("question", Each(QUESTION))))),
    Key("next", Anything()),
)


def test_a_file_is_read_with_its_tables_and_lists() -> None:
    content = """
        [tool]
        reference = " child-protection "
        minimum_answered = 0.8
        published_on = 2010-10-04
        [scales.evidence]
        yes = "met"
        "not applicable" = "Excluded"
        [[section]]
        title = "Core groups"
        [[section.question]]
        key = "core_groups"
        scale = "yes"
        [next]
        whatever = [1, 2]
    """
    reading = read_toml_content("tool.toml", content.encode(), TOOL)
    assert reading.faults == []
    assert reading.values == {
        "tool": {
            "reference": "child-protection",
            "version": None,
            "minimum_answered": 0.8,
            "published_on": date(2010, 10, 4),
        },
        "scales": {"evidence": {"yes": "met", "not applicable": "excluded"}},
        "section": [{"title": "Core groups", "question": [{"key": "core_groups", "scale": "yes"}]}],
        "next": {"whatever": [1, 2]},
    }


@pytest.mark.parametrize(
    "written",
    [
        "2010-11-12",
        "2010-11-12T00:00:00",
        "2010-11-12 00:00:00Z",
        "'2010-11-12T00:00:00'",
        "'12.11.2010'",
        "'12 November 2010'",
    ],
)
def test_a_day_is_read_as_in_a_table(written: str) -> None:
    content = f"\ufeff\ufeff[tool]\nreference = 'a'\npublished_on = {written}\n[[section]]\n"
    reading = read_toml_content("tool.toml", content.encode(), TOOL)
    assert (reading.faults, reading.values["tool"]["published_on"]) == ([], date(2010, 11, 12))


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("[tool]\nreference 5", ["line 2 is not TOML: expected '=' after a key in a key/value pair"]),
        ("[tool]\npublished_on = 2010-02-30", ["line 2 is not TOML: invalid date or datetime"]),
        ("[tool]\nreference =", ["the end of the file is not TOML: invalid value"]),
        (
            "[tool]\nreference = 'a'\nreference = 'b'\n# more",
            ["line 3 is not TOML: cannot overwrite a value"],
        ),
        ("", ["the file is empty"]),
        ("# nothing", ["key tool: is missing"]),
        ("[tool]", ["key tool / reference: is missing"]),
        ("[tool]\nreference = ' '", ["key tool / reference: must not be empty"]),
        ("tool = 5", ['key tool, "5": must be a table']),
        (
            "[tool]\nreference = 'a'\nversoin = 1",
            ["key tool / versoin: is not a known key: the nearest is version"],
        ),
        (
            "[tool]\nreference = 'a'\n[sections]",
            ["key sections: is not a known key: the nearest is section"],
        ),
        (
            "[tool]\nreference = 5\nversion = '1'\nminimum_answered = true\npublished_on = 2010",
            [
                'key tool / reference, "5": must be text in quotation marks',
                'key tool / version, "1": must be a whole number without quotation marks',
                'key tool / minimum_answered, "true": must be a number without quotation marks',
                'key tool / published_on, "2010": must be a date, such as 2010-11-12',
            ],
        ),
        (
            "[tool]\nreference = 'a'\npublished_on = 2010-11-12T09:30:00",
            ['key tool / published_on, "2010-11-12 09:30:00": must be a date, such as 2010-11-12'],
        ),
        (
            "[tool]\nreference = 'a'\nversion = 0\nminimum_answered = nan\npublished_on = '30/02/2010'",
            [
                'key tool / version, "0": must be from 1 to 1000',
                'key tool / minimum_answered, "nan": must be from 0 to 1',
                'key tool / published_on, "30/02/2010": must be a real date',
            ],
        ),
        (
            "[tool]\nreference = 'a'\n[scales.evidence]\nyes = 'mett'",
            [
                (
                    'key scales / evidence / yes, "mett": must be one of met, not met, excluded: '
                    "the nearest is met"
                )
            ],
        ),
        (
            "[tool]\nreference = 'a'\n[[section]]\n[[section]]\nquestion = [{key = 'a'}, {scale = 'x'}, 7]",
            [
                "key section 2 / question 2 / key: is missing",
                'key section 2 / question 2 / scale, "x": must be one of yes, no',
                'key section 2 / question 3, "7": must be a table',
            ],
        ),
        (
            "[tool]\nreference = 'a'\n[[section]]\ntitel = 'A'",
            ["key section 1 / titel: is not a known key: the nearest is title"],
        ),
        ("a = " + "[" * 5000, [TOO_DEEP]),
        (f"[{'.'.join('a' * 17)}]\nb = 1", [TOO_DEEP]),
        (f"{' . '.join(['a', QUOTED] * 9)} = 1", [TOO_DEEP]),
        ("a = " + "9" * 5000, ["the file has a number that is too long"]),
        ("#" * 2_000_001, ["the file is larger than 2 MB"]),
        ("[tool]".encode("utf-16"), ["the file is in UTF-16: save it as UTF-8 (“CSV UTF-8” in Excel)"]),
    ],
)
def test_every_fault_of_a_file_is_named(content: str | bytes, faults: list[str]) -> None:
    encoded = content if isinstance(content, bytes) else content.encode()
    reading = read_toml_content("tool.toml", encoded, TOOL)
    assert [str(fault) for fault in reading.faults] == [f"tool.toml: {fault}" for fault in faults]


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ("0", []),
        ("1000000", []),
        ("-1", ['tool.toml: key n, "-1": must be from 0 to 1000000']),
        ("1000001", ['tool.toml: key n, "1000001": must be from 0 to 1000000']),
    ],
)
def test_a_whole_number_has_limits(written: str, faults: list[str]) -> None:
    reading = read_toml_content("tool.toml", f"n = {written}".encode(), Keys(Key("n", WholeNumber())))
    assert [str(fault) for fault in reading.faults] == faults


def test_a_key_of_sixteen_parts_can_be_read() -> None:
    assert parsed(f"{'.'.join('a' * 16)} = 'b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s'".encode())


def test_later_checks_add_faults_of_the_same_kind(tmp_path: Path) -> None:
    path = tmp_path / "tool.toml"
    path.write_text("\ufeff[tool]\r\nreference = 'a'\r\n", encoding="utf-8")
    reading = read_toml(path, TOOL)
    reading.refuse("two questions have this key", "section", 2, "question", 1, "key", value="seen")
    assert list(map(str, reading.faults)) == [
        'tool.toml: key section 2 / question 1 / key, "seen": two questions have this key'
    ]


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    reading = read_toml(tmp_path / "tool.toml", TOOL)
    assert list(map(str, reading.faults)) == ["tool.toml: the file was not found"]
