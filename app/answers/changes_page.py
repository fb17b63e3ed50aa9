"""The changes typed on pages where a person sees answers differently, and the choice of making none."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import request

from app.answers.answered import Typed, after_today
from app.answers.form_page import answer_read, typed, typed_answer
from app.answers.side_by_side import Beside
from app.answers.viewing import Change, WrongChanges
from app.clock import today
from app.identifying.checking import warned_of_all
from app.moves.page import Page, lets_through
from app.refusal import ChangedMeanwhile, NotNow, Refused


def changes_typed(answers: Collection[Beside]) -> dict[int, Change]:
    """Return the changes with a selected or typed answer or a reason, by the id of the question."""
    changes = {beside.question.id: _change(beside) for beside in answers}
    return {key: change for key, change in changes.items() if change is not None}


def _change(beside: Beside) -> Change | None:
    key = beside.question.id
    sent, reason = typed_answer(key), typed(f"reason-{key}")
    if sent == Typed() and reason is None:
        return None
    answered, fault = answer_read(sent, beside.question, beside.answered)
    return Change(**vars(answered), reason=reason, typed=sent, fault=fault)


def differences_typed(answers: Collection[Beside]) -> dict[int, Change]:
    """Return the typed changes, without those that repeat the answer that is there and give no reason.

    So a choice that was made by mistake is undone by choosing the response that is there again.
    """
    counting = {beside.question.id: beside.answered for beside in answers}

    def is_other(key: int, change: Change) -> bool:
        return bool(change.reason or change.fault) or change.said != counting[key].said

    return {key: change for key, change in changes_typed(answers).items() if is_other(key, change)}


def texts_typed(answers: Iterable[Beside], words: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Return the typed reasons, by question, and the typed `words` (fields with their labels), to be shown
    where they cannot be saved any more."""
    fields = {f"reason-{beside.question.id}": f"Reason: {beside.question.text}" for beside in answers}
    texts = [(label, typed(name)) for name, label in (fields | dict(words or {})).items()]
    return [(label, text) for label, text in texts if text]


@dataclass(frozen=True)
class Choice:
    """The two choices of a page on which answers can be changed, and the errors of one that does not fit."""

    unchanged: str
    changed: str
    choose: str
    some_changed: str
    none_changed: str

    def fault(self, chosen: str | None, changes: Collection[int]) -> str | None:
        """Return why the choice does not fit the changes (ids of questions); None where it does."""
        if chosen not in (self.unchanged, self.changed):
            return self.choose
        if chosen == self.unchanged:
            return self.some_changed if changes else None
        return None if changes else self.none_changed


@dataclass(frozen=True)
class Entered:
    """The input on such a page, kept when something is missing: the choice, the words that go with it, and
    the changes."""

    choice: str | None = None
    words: str | None = None
    changes: Mapping[int, Change] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """The reasons why a decision was not carried out: the fault of its choice, of its words and of each
    change, and the warnings to accept."""

    fault: str | None = None
    not_said: str | None = None
    faults: Mapping[int, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()


NOTHING_ENTERED = Entered()
NOTHING_WRONG = Wrong()


def decided(
    choice: Choice,
    entered: Entered,
    answers: Iterable[Beside],
    carry_out: Callable[[], object],
    page: Callable[[Wrong], str],
    *,
    anew: Callable[[Wrong], str],
    too_late: Callable[[str], str],
) -> Page | None:
    """Carry out a decision with its changes; return the page that says why not, None when it is done.

    `page` shows what was entered with what is wrong, `anew` beside what somebody else saved meanwhile, and
    `too_late` says why nothing can be decided any more.
    """
    if fault := choice.fault(entered.choice, entered.changes):
        return page(Wrong(fault)), 422
    warned = warned_of_changes(entered.changes, answers, entered.words)
    if not lets_through(warned):
        return page(Wrong(warnings=warned))
    try:
        carry_out()
    except WrongChanges as wrong:
        return page(Wrong(faults=wrong.faults)), 422
    except ChangedMeanwhile as why:
        return anew(Wrong(str(why))), 409
    except NotNow as why:
        return too_late(str(why)), 409
    except Refused as why:
        return page(Wrong(not_said=str(why))), 422
    return None


def seen_version(name: str = "version") -> int | None:
    """Return the version of the audit that the person saw, from the field of that name; None where the page
    sent none."""
    version = request.form.get(name, "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None


def warned_of_changes(
    changes: Mapping[int, Change], answers: Iterable[Beside], *texts: str | None
) -> list[str]:
    """Return the warnings about typed changes and what was said of them: texts as above, and dates after
    today."""
    asked = {beside.question.id: beside.question.asked for beside in answers}
    later = (after_today(change, asked[key], today()) for key, change in changes.items())
    return [*warned_of_all([*(change.reason for change in changes.values()), *texts]), *filter(None, later)]
