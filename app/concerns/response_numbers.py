"""The numbers of responses that grades called for, and of disputes of grades, in words. Pure."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from app.wording import counted, plural, were


@dataclass(frozen=True)
class ResponseNumbers:
    """The numbers of audits, as of a day.

    Those `called_for` a response of the service that is still needed: `in_time` had one by its due date, and
    those `not_due` have none yet and can still have it in time. In `disputed` the service disputed a grade;
    of these, the decision `changed` a grade, or is `undecided`.
    """

    called_for: int = 0
    in_time: int = 0
    not_due: int = 0
    disputed: int = 0
    changed: int = 0
    undecided: int = 0

    @property
    def in_words(self) -> str | None:
        """Return "14 audits called for a response; 11 had one in time", as a sentence; None if none did."""
        if not self.called_for:
            return None
        called = counted(self.called_for, "audit")
        return f"{called} called for a response; {self.in_time:,} had one in time{self._not_due}."

    @property
    def _not_due(self) -> str:
        return (
            f" and {self.not_due:,} {plural(self.not_due, 'is', 'are')} not due yet" if self.not_due else ""
        )

    @property
    def disputes_in_words(self) -> str | None:
        """Return in how many audits grades were disputed, and what came of it; None where none was."""
        if not self.disputed:
            return None
        outcome = f"{self.changed:,} {were(self.changed)} changed" if self.changed else "none was changed"
        undecided = f" and {self.undecided:,} {plural(self.undecided, 'is', 'are')} not decided yet"
        return (
            f"The grades of {counted(self.disputed, 'audit')} were disputed; {outcome}"
            f"{undecided if self.undecided else ''}."
        )


NO_RESPONSES = ResponseNumbers()


def together(numbers: Iterable[ResponseNumbers]) -> ResponseNumbers:
    """Return the numbers of several cycles together."""
    return ResponseNumbers(*map(sum, zip(*map(astuple, (NO_RESPONSES, *numbers)), strict=True)))
