"""The content of a version: other words by which a file may mean a response of a scale."""

import pytest

from app.files.cells import one_of
from app.files.faults import Unreadable
from app.tools.content import Scale

EVIDENCE = (("yes", "met"), ("no", "not met"), ("not applicable", "excluded"))
GRADES = (("good", "met"), ("inadequate", "not met"))


@pytest.mark.parametrize(
    ("responses", "written", "response"),
    [
        *[(EVIDENCE, written, "not applicable") for written in ("N/A", "NA", "n/a", "Not applicable")],
        *[(EVIDENCE, written, "yes") for written in ("Yes", "Y", "1", "true")],
        *[(EVIDENCE, written, "no") for written in ("No", "N", "0", "false")],
        *[(EVIDENCE, written, None) for written in ("-", "none", "not known", "yes - see note", "2", "?")],
        # a grade is no yes or no, and no scale without an excluded response has a "not applicable"
        *[(GRADES, written, None) for written in ("N/A", "not applicable", "Y", "1", "true", "adequate")],
        ((*GRADES, ("does not apply", "excluded")), "N/A", "does not apply"),
        ((*GRADES, ("does not apply", "excluded")), "not applicable", "does not apply"),
        # the file must say which of two it means
        ((*GRADES, ("does not apply", "excluded"), ("not known", "excluded")), "N/A", None),
        # responses of the scale itself come first
        ((*GRADES, ("na", "not met"), ("not known", "excluded")), "NA", "na"),
        ((*EVIDENCE, ("1", "excluded")), "1", "1"),
        # 1 may stand for anything where a third response counts
        ((*EVIDENCE, ("partly", "not met")), "1", None),
        ((*EVIDENCE, ("partly", "not met")), "N/A", "not applicable"),
        ((("Yes", "met"), ("No", "not met")), "y", "Yes"),
    ],
)
def test_a_response_is_known_by_other_words(
    responses: tuple[tuple[str, str], ...], written: str, response: str | None
) -> None:
    read = one_of(*(name for name, _ in responses), also=Scale("any", responses).also_written)
    if response is not None:
        assert read(written) == response
        return
    with pytest.raises(Unreadable) as refused:
        read(written)
    assert str(refused.value) == f"must be one of {', '.join(name for name, _ in responses)}"
