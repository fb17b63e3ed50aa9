"""Contents of tools for Hypothesis: everything that a file can say, sound or not."""

from hypothesis import strategies as st

from app.tools.conditions import Condition
from app.tools.content import (
    ANSWERS,
    CALENDAR,
    CATEGORY,
    DAYS,
    EVIDENCE,
    EXCLUDED,
    GRADE,
    MET,
    MOST,
    NEITHER,
    NOT_MET,
    RESPONSE,
    WORKING,
    Asked,
    CallsForResponse,
    Ceiling,
    Content,
    Limit,
    Part,
    Scale,
)

STANDARDS = ("Working Together", "Children Act “1989”")

_letters = st.sampled_from("abcXYZ019 -_.,;:'\"\\“”‘’–é€ßÅ#[]{}()/&%?!\n\t")
LINES = st.text(_letters, min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
"""Lines of text, tidied as a file's are."""

PROSE = st.text(_letters, min_size=1, max_size=40).map(str.strip).filter(bool)
KEYS = st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z")
RESPONSES = st.lists(LINES, min_size=1, max_size=4, unique=True)
NUMBERS = st.integers(-100, 100).map(float) | st.floats(-MOST, MOST, allow_nan=False)


@st.composite
def scales(draw: st.DrawFn, name: str) -> Scale:
    kind = draw(st.sampled_from((EVIDENCE, GRADE, CATEGORY)))
    ways = st.sampled_from((NEITHER, EXCLUDED) if kind == CATEGORY else (MET, NOT_MET, EXCLUDED))
    names = draw(RESPONSES | st.just(["kind", "several", "response"]))
    responses = tuple((response, draw(ways)) for response in names)
    return Scale(name, responses, kind, kind == CATEGORY and draw(st.booleans()))


CONDITIONS = st.none() | st.builds(Condition, KEYS, RESPONSES.map(tuple))
CEILINGS = st.builds(Ceiling, RESPONSES.map(tuple), st.integers(0, 100))
CALLS = st.builds(CallsForResponse, RESPONSES.map(tuple), st.integers(1, 250))
LIMITS = st.builds(Limit, RESPONSES.map(tuple), st.lists(KEYS, max_size=2).map(tuple), LINES)


@st.composite
def questions(draw: st.DrawFn, key: str) -> Asked:
    answer = draw(st.sampled_from(ANSWERS))
    return Asked(
        key=key,
        key_area=draw(LINES),
        text=draw(PROSE),
        scale=draw(LINES) if answer == RESPONSE else None,
        guidance=draw(st.none() | PROSE),
        standard=draw(st.none() | st.sampled_from(STANDARDS)),
        expected_level=draw(st.none() | st.integers(1, 100)),
        is_core=draw(st.booleans()),
        answer=answer,
        unit=draw(st.none() | LINES),
        from_label=draw(st.none() | LINES),
        to_label=draw(st.none() | LINES),
        counted_in=draw(st.sampled_from((CALENDAR, WORKING))) if answer == DAYS else None,
        met_up_to=draw(st.none() | NUMBERS),
        met_from=draw(st.none() | NUMBERS),
        applies_if=draw(CONDITIONS),
        per_case=draw(st.booleans()),
        theme=draw(st.none() | LINES),
        recorded_in=draw(st.none() | LINES),
        at_most=draw(st.none() | CEILINGS),
        calls_for_response=draw(st.none() | CALLS),
    )


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Return a content with all that a file can say."""
    keys = iter(draw(st.lists(KEYS, min_size=12, max_size=12, unique=True)))
    sections = [
        Part(
            draw(LINES),
            tuple(draw(questions(next(keys))) for _ in range(draw(st.integers(0, 3)))),
            draw(st.none() | KEYS),
            draw(st.booleans()),
            draw(CONDITIONS),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    names = draw(st.lists(LINES, max_size=3, unique=True))
    return Content(
        reference=draw(KEYS),
        version=draw(st.integers(1, 9)),
        title=draw(LINES),
        minimum_answered=draw(st.floats(0, 1)),
        minimum_count=draw(st.integers(0, 100)),
        scales=tuple(draw(scales(name)) for name in sorted(names)),
        sections=tuple(sections),
        unit=draw(st.just("child’s record") | LINES),
        overall=draw(st.none() | KEYS),
        limits=tuple(draw(st.lists(LIMITS, max_size=2))),
    )
