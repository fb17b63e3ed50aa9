"""The news that is left of several pieces about one thing: only what is true at the end is said. Pure.

Pieces are netted that answer one question about a thing, its topic. Two that undo each other leave nothing:
it is as it was when the person was last told.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.news.happenings import Happening


class Piece(NamedTuple):
    """A thing that happened, and the facts that its sentence has."""

    what: Happening
    facts: Mapping[str, str]


_DUE_DATE = (
    Happening.OTHER_DUE_DATE,
    Happening.LATER_GRANTED,
    Happening.LATER_REFUSED,
    Happening.NO_LONGER_EXEMPT,
)
"""The happenings that say when it is due."""

_TOPICS = (
    (Happening.NO_LONGER_THEIRS, Happening.NOTHING_MORE_TO_DO),
    _DUE_DATE,
    (Happening.SIGNED_OFF, Happening.SIGN_OFF_TAKEN_BACK, Happening.HANDED_BACK),
    (Happening.EFFECTIVE, Happening.NOT_EFFECTIVE, Happening.CHECK_TAKEN_BACK),
    (Happening.REJECTED, Happening.DEFERRED, Happening.DECISION_TAKEN_BACK),
)
"""The happenings that answer one question: whose it is, when it is due, whether it is done,
whether it worked, what was decided. Any other has a topic of its own."""

MAKES_OVER = dict.fromkeys((Happening.SIGNED_OFF, Happening.REJECTED, Happening.DEFERRED), _DUE_DATE)
"""The happenings after which others are no news any more: what has not to be done has no due date."""

_UNDOES = {
    Happening.SIGN_OFF_TAKEN_BACK: (Happening.SIGNED_OFF,),
    Happening.CHECK_TAKEN_BACK: (Happening.EFFECTIVE, Happening.NOT_EFFECTIVE),
    Happening.DECISION_TAKEN_BACK: (Happening.REJECTED, Happening.DEFERRED),
}


def topic(what: str) -> tuple[Happening, ...]:
    """Return the happenings that answer the same question about a thing as this one."""
    happening = Happening(what)
    return next((some for some in _TOPICS if happening in some), (happening,))


def question(piece: Piece) -> tuple[Happening, str]:
    """Return the question about a thing that a piece answers: of two with one question the later stands for
    both.

    An audit that waits for a moderator for several reasons waits for each.
    """
    because = piece.facts.get("because", "") if piece.what is Happening.TO_MODERATE else ""
    return topic(piece.what)[0], because


def netted(untold: Sequence[Piece], told: Piece | None) -> Piece | None:
    """Return the piece that stands for all of a topic that a person was not told of yet, the earliest first.

    None where it is as before. `told` is the piece of the topic that they were told of last.
    """
    if all(piece.what is Happening.OTHER_AUDITOR for piece in untold):
        return _other_auditor(untold)
    if untold[-1].what is Happening.OTHER_DUE_DATE:
        return _due_date(untold)
    standing: list[Piece] = []
    for piece in untold:
        if standing and standing[-1].what in _UNDOES.get(piece.what, ()):
            standing.pop()
        else:
            standing.append(piece)
    if not standing:
        takes_back_what_was_told = told is not None and told.what in _UNDOES.get(untold[-1].what, ())
        return untold[-1] if takes_back_what_was_told else None
    is_told = len(untold) > 1 and told is not None and _says(standing[-1]) == _says(told)
    return None if is_told else standing[-1]


def _other_auditor(untold: Sequence[Piece]) -> Piece | None:
    """Return who has replaced whom, from the first other auditor to the last."""
    names = {"before": untold[0].facts.get("before", ""), "auditor": untold[-1].facts.get("auditor", "")}
    is_as_before = names["before"] == names["auditor"]
    facts = {key: name for key, name in names.items() if name}
    return None if is_as_before else Piece(Happening.OTHER_AUDITOR, facts)


def _due_date(untold: Sequence[Piece]) -> Piece | None:
    """Return the due date at the end. It is said though it is as before to who waits for an answer, or was
    told that nothing is due."""
    last = untold[-1]
    for piece in untold:
        if piece.what is Happening.NO_LONGER_EXEMPT:
            return Piece(piece.what, {**piece.facts, "due_on": last.facts["due_on"]})
    is_no_answer = all(
        piece.what is Happening.OTHER_DUE_DATE and piece.facts.get("before") for piece in untold
    )
    facts = {"due_on": last.facts["due_on"]}
    if is_no_answer:
        facts["before"] = untold[0].facts["before"]
    return None if facts.get("before") == facts["due_on"] else Piece(last.what, facts)


def _says(piece: Piece) -> tuple[Happening, dict[str, str]]:
    return piece.what, {key: fact for key, fact in piece.facts.items() if fact}
