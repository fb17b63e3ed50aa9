"""The summary as a paper, from its facts. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.reports.paper import Audience, Bullets, Paper, Paragraph, Part, Section
from app.summary import audits, followed_up, grades, looked_at
from app.summary.facts import Facts
from app.summary.tables import Rows
from app.wording import capitalised, counted, in_words, listed, plural, were


@dataclass(frozen=True)
class Summary(Paper):
    """A summary. It is made anew each time, so it is neither a draft nor final.

    `tables` are those of its sections, with their values.
    """

    tables: Sequence[Rows] = field(default=(), kw_only=True)

    @property
    def state(self) -> str:
        """Return nothing: nobody makes a summary final."""
        return ""

    @property
    def about(self) -> str:
        """Return what it is about, for those who search for files."""
        return self.title


def summary(facts: Facts) -> Summary:
    """Return the summary of a period."""
    contents: list[tuple[str, str, Sequence[Part | Rows]]] = [
        ("cycles", "Audits returned", audits.returned(facts)),
        ("grades", "Overall grades", grades.parts(facts)),
        ("moderation", "Moderation and responses", audits.moderated_and_answered(facts)),
        ("followed-up", "Recommendations, actions and their effect", followed_up.parts(facts)),
        ("again", "Cases audited again", followed_up.audited_again(facts)),
        ("quick-wins", "Quick wins", followed_up.quick_wins(facts)),
        ("not-looked-at", "What was not looked at", looked_at.parts(facts)),
        ("about", "About this summary", _about(facts)),
    ]
    shown = [(key, heading, parts) for key, heading, parts in contents if parts]
    return Summary(
        audience=Audience.COUNCIL,
        title=f"Practice audits: summary, {facts.period}",
        organisation=facts.organisation,
        cycle="",
        made_on=facts.made_on,
        said_of_it=tuple(_particulars(facts)),
        sections=tuple(
            Section(key, heading, tuple(part.table if isinstance(part, Rows) else part for part in parts))
            for key, heading, parts in shown
        ),
        is_draft=False,
        opening=tuple(_opening(facts)),
        marking=facts.marking,
        tables=tuple(part for _, _, parts in shown for part in parts if isinstance(part, Rows)),
    )


def _particulars(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "Period", str(facts.period)
    if facts.cycles:
        yield "Cycles", listed(cycle.reference for cycle in facts.cycles)
    yield "Small numbers", "this summary has no counts by team, place or context"
    if facts.marking:
        yield "Protective marking", facts.marking
    yield "Made on", in_words(facts.made_on)


def _opening(facts: Facts) -> list[Part]:
    """Return the main points; of a period without a report that nothing was reported in it."""
    if not facts.cycles:
        nothing = f"No cycle was reported {facts.period.in_a_sentence}, so there are no audits to summarise."
        return [Paragraph(nothing), *map(Paragraph, looked_at.in_short(facts))]
    number = len(facts.cycles)
    points = [
        f"{counted(number, 'cycle')} {were(number)} reported {facts.period.in_a_sentence}.",
        *audits.in_short(facts),
        *grades.in_short(facts),
        *followed_up.in_short(facts),
        *looked_at.in_short(facts),
    ]
    return [Bullets(tuple(points))]


def _about(facts: Facts) -> list[Part]:
    """Return what is counted, and what is not."""
    sentences = []
    if facts.cycles:
        sentences += [
            "The audits of all cycles reported in the period are counted, whenever they were returned.",
            "An audit that was returned after the cut-off date of its cycle is not counted.",
            f"Recommendations, actions, responses and quick wins are shown as of {in_words(facts.made_on)}.",
        ]
    if facts.period.to_on > facts.made_on:
        sentences.append("The period had not ended when this summary was made.")
    if len(facts.cycles) > 1:
        sentences.append(
            "Cycles are shown beside each other, not compared. Only cycles that are declared comparable "
            "can be compared."
        )
    not_counted = "audits are not counted"
    sentences += [
        *_cycles(
            [one.reference for one in facts.cycles if one.findings.frozen_on is None],
            ("has", "have"),
            "not been confirmed as complete",
            "counts can still change",
        ),
        *_cycles(facts.open_cycles, ("is", "are"), "still open after the reporting date", not_counted),
        *_cycles(facts.undated, ("has", "have"), "been closed without a reporting date", not_counted),
        *_cycles(facts.published, ("is", "are"), "known only as published", not_counted),
    ]
    return [Bullets(tuple(sentences))] if sentences else []


def _cycles(references: Sequence[str], verb: tuple[str, str], what: str, so: str) -> list[str]:
    """Return what is the case with these cycles and what follows from it, as a sentence; nothing for none."""
    number = len(references)
    if not number:
        return []
    who = f"{capitalised(plural(number, 'cycle'))} {listed(references)} {plural(number, *verb)}"
    return [f"{who} {what}, so {plural(number, 'its', 'their')} {so}."]
