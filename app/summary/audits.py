"""The audits of a summary: returned by month and theme, moderated, and answered by the service. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from app.audits.returns import Returns, whole_per_cent
from app.concerns.response_numbers import together
from app.findings.agreement import grades_changed
from app.names import Names
from app.summary.facts import Facts, ReportedCycle
from app.summary.tables import Rows, Value
from app.wording import all_of, listed, plural, were


def in_short(facts: Facts) -> list[str]:
    """Return the main points about the audits."""
    return [_came_back(facts), *_moderated(facts), *_responses(facts)]


def returned(facts: Facts) -> list[Rows]:
    """Return the returns of each cycle, and those by month and theme."""
    if not facts.cycles:
        return []
    return [_by_cycle(facts.cycles), *([_by_month(facts.cycles)] if _number_returned(facts) else [])]


def moderated_and_answered(facts: Facts) -> list[Rows]:
    """Return the moderation and the responses of each cycle, where there are several."""
    found = [one.findings for one in facts.cycles]
    if len(found) < 2 or not any(each.agreement.moderated or each.responses.called_for for each in found):
        return []
    rows: list[Sequence[Value]] = []
    for one in facts.cycles:
        agreed = one.findings.agreement
        moderation = (agreed.moderated, agreed.changed) if _is_known(one) else ("not known", "not known")
        answered = one.findings.responses
        responses = (answered.called_for, answered.in_time, answered.not_due)
        rows.append((one.reference, one.findings.returns.returned, *moderation, *responses))
    headings = (
        "Cycle",
        "Returned",
        "Moderated",
        "Grade changed",
        "Called for a response",
        "Had one in time",
        "Not due yet",
    )
    return [Rows("Moderation and responses", "Moderation and responses in each cycle", headings, rows)]


def _by_cycle(cycles: Sequence[ReportedCycle]) -> Rows:
    headings = ("Cycle", "Theme", "Reported", "Requested", "Returned", "In time", "Not returned", "Withdrawn")
    rows = []
    for one in cycles:
        returns = one.findings.returns
        counts = (returns.requested, returns.returned, one.in_time, returns.not_returned, returns.withdrawn)
        rows.append((one.reference, one.theme, one.reported_on, *counts))
    return Rows("Cycles", "Cycles reported", headings, rows)


def _by_month(cycles: Sequence[ReportedCycle]) -> Rows:
    """Return the returns by month and theme, all themes of a month first where there are several."""
    numbers: dict[date, Names[tuple[int, int]]] = defaultdict(Names)
    for one in cycles:
        for month in one.months:
            themes = numbers[month.first]
            number, in_time = themes.get(one.theme, (0, 0))
            themes[one.theme] = number + month.returned, in_time + month.in_time
    rows: list[Sequence[Value]] = []
    for first, themes in sorted(numbers.items()):
        if len(themes) > 1:
            rows.append((f"{first:%B %Y}", "all themes", *map(sum, zip(*themes.values(), strict=True))))
        rows += [(f"{first:%B %Y}", theme, *both) for theme, both in sorted(themes.items())]
    headings = ("Month", "Theme", "Returned", "In time")
    return Rows("By month and theme", "Audits by month of return and theme", headings, rows)


def _number_returned(facts: Facts) -> int:
    return sum(one.findings.returns.returned for one in facts.cycles)


def _came_back(facts: Facts) -> str:
    """Return how many audits were returned, and how many of them in time, as sentences."""
    of = _number_returned(facts)
    number = sum(one.in_time for one in facts.cycles)
    came = f"Audits returned: {Returns(sum(one.findings.returns.requested for one in facts.cycles), of)}."
    if not of:
        return came
    if of == 1:
        return f"{came} It was returned {'by' if number else 'after'} its first due date."
    which = all_of(of) if number == of else _share(number, of) if number else f"None of the {of:,}"
    return f"{came} {which} {were(number)} returned by their first due date."


def _is_known(one: ReportedCycle) -> bool:
    """Return whether it is known how many audits were moderated: a file says nothing of what was not."""
    return bool(one.findings.agreement.moderated or one.findings.agreement.returned_here)


def _moderated(facts: Facts) -> list[str]:
    """Return how many audits were moderated, and how many grades that changed; nothing where it is not known
    of any cycle."""
    known = [one.findings for one in facts.cycles if _is_known(one)]
    of = sum(findings.returns.returned for findings in known)
    if not of:
        return []
    moderated = sum(findings.agreement.moderated for findings in known)
    changed = grades_changed(sum(findings.agreement.changed for findings in known))
    said = f"Audits that a moderator reviewed: {_share(moderated, of)}.{f' {changed}' if moderated else ''}"
    if unknown := [one.reference for one in facts.cycles if not _is_known(one)]:
        number = len(unknown)
        said += (
            f" This leaves out {plural(number, 'cycle')} {listed(unknown)}: "
            f"{plural(number, 'its file says', 'their files say')} nothing of moderation."
        )
    return [said]


def _responses(facts: Facts) -> list[str]:
    """Return how many audits called for a response, and how many had one in time, and how many grades were
    disputed; nothing where none did or was."""
    numbers = together(one.findings.responses for one in facts.cycles)
    return list(filter(None, (numbers.in_words, numbers.disputes_in_words)))


def _share(part: int, whole: int) -> str:
    """Return "15 of 25 (60%)"."""
    return f"{part:,} of {whole:,} ({whole_per_cent(part, whole)}%)"
