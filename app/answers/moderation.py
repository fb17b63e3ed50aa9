"""The choice of the returned audits that a moderator reads, and of who may moderate one. Pure.

Those with the lowest or the highest grades are always read; of the rest a share is, drawn from the references
alone, so that anybody can repeat the draw.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.working_days import happened

LOWEST, HIGHEST, RANDOM, BY_HAND = "lowest", "highest", "random", "by hand"

RESPONSE = "response"
"""The reason to read an audit of which a grade calls for a response; its moderation is kept as "lowest"."""

AGREED, CHANGED = "agreed", "changed"
"""The outcomes of a moderation."""


@dataclass(frozen=True)
class Grade:
    """The answer to one judgement: its place among the counted responses of the scale, the best being 1."""

    place: int
    of: int


def chosen_because(
    grades: Iterable[Grade], cycle: str, audit: str, share: int, *, calls_for_response: bool
) -> str | None:
    """Return why a returned audit is in the moderators' queue; None where it is not.

    It is "lowest" where one of its grades is the worst of its scale, else "response" where an answer calls
    for one, else "highest" where one of its grades is the best, else "random" where it is drawn. `share` is
    the whole per cent that is drawn.
    """
    graded = list(grades)
    if any(grade.place == grade.of for grade in graded):
        return LOWEST
    if calls_for_response:
        return RESPONSE
    if any(grade.place == 1 for grade in graded):
        return HIGHEST
    return RANDOM if is_drawn(cycle, audit, share) else None


def is_drawn(cycle: str, audit: str, share: int) -> bool:
    """True for about `share` per cent of the audits of a cycle, and always for the same ones.

    Each audit's lot follows from the two references, not from the day or from the other returns.
    """
    digest = hashlib.sha256(f"{cycle}\n{audit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100 < share


@dataclass(frozen=True)
class ModerationFacts:
    """The facts that decide whether a person may moderate an audit. `auditors` are the ids of all people who
    ever had the case to audit, `worker` is that of the worker of the case, `disputes_decided` are those of
    the moderators who decided a dispute of its grade, with the day."""

    auditors: Collection[int]
    worker: int | None = None
    moderated_on: date | None = None
    cycle_frozen_on: date | None = None
    disputes_decided: Mapping[int, date] = field(default_factory=dict)

    @property
    def moderators_decided_on(self) -> date | None:
        """Return the first day on which a moderator decided about the audit, moderating it or a dispute."""
        days = [*self.disputes_decided.values(), *([self.moderated_on] if self.moderated_on else [])]
        return min(days, default=None)


def refuse_moderator(facts: ModerationFacts, person_id: int, on: date) -> str | None:
    """Return why this person cannot moderate the audit on that day, in one sentence; None when they can."""
    if person_id in facts.auditors:
        return "You are or were an auditor of this case, so someone else must moderate it"
    if person_id == facts.worker:
        return "You are the worker of this case, so someone else must moderate it"
    if facts.moderated_on is not None:
        return "This audit has already been moderated"
    if person_id in facts.disputes_decided:
        return "You decided the dispute about this audit, so someone else must moderate it"
    if happened(facts.cycle_frozen_on, on):
        return "The cycle of this audit is frozen, so you cannot change its answers"
    return None


def refuse_agreeing(facts: ModerationFacts, on: date) -> str | None:
    """Return why the pair cannot record what they agreed any more, in one sentence; None when they can."""
    if facts.moderated_on is not None:
        return "This audit has been moderated, so the moderator’s decision is final"
    if facts.disputes_decided:
        return "A moderator decided the dispute about this audit, so that decision is final"
    if happened(facts.cycle_frozen_on, on):
        return "The cycle of this audit is frozen, so you cannot change its answers"
    return None
