"""The sections on how the audits were done: returns, auditors, method, cautions. Pure."""

from app.audits.reasons_told import in_words as reasons_in_words
from app.findings.cautions import (
    ALL_AUDITED,
    HIDDEN,
    NOT_KNOWN,
    OF_ANSWERS,
    TOLD_WITH_THE_FIGURES,
    without_returns,
)
from app.reports.composing import paragraph_of
from app.reports.facts import Auditors, Material, Work
from app.reports.paper import Paragraph, Part
from app.reports.teams_named import without_teams
from app.sampling.method_note import NOT_STATED
from app.wording import all_of, counted, in_words, listed, plural, were


def returned(material: Material, *, with_reasons: bool) -> list[Part]:
    """Return how many audits were requested, how many came back, and what was done about the others."""
    returns = material.findings.returns
    if not returns.requested:
        return [Paragraph("No audits have been requested yet.")]
    until = material.findings.cut_off_on
    by = in_words(material.findings.as_of)
    if not material.is_open and until is not None:
        by = f"the cut-off date, {in_words(until)}"
    if returns.returned == returns.requested > 1:
        came = f"All {counted(returns.requested, 'audit')} requested were returned by {by}."
    else:
        came = (
            f"{counted(returns.requested, 'audit')} {were(returns.requested)} requested. "
            f"{returns} {were(returns.returned)} returned by {by}."
        )
    not_returned = _not_returned(material, with_reasons=with_reasons) if returns.not_returned else []
    return paragraph_of(
        came,
        _in_time(material),
        f"There are {about}." if (about := material.findings.no_interval_because) else None,
        f"{returns.open:,} {'is' if returns.open == 1 else 'are'} still to be returned."
        if returns.open
        else None,
        f"{returns.withdrawn:,} {were(returns.withdrawn)} withdrawn." if returns.withdrawn else None,
        *not_returned,
    )


def who(material: Material) -> list[Part]:
    """Return who did the returned audits, and how many of them had been trained."""
    auditors, returned = material.auditors, material.findings.returns.returned
    if not returned:
        return []
    if not auditors.people:
        return []
    return paragraph_of(_pairs(auditors), _jobs(auditors), _training(auditors))


def method(material: Material, *, with_teams: bool) -> list[Part]:
    """Return how the cases were chosen and audited. That it is not known is a caution."""
    sentences = material.findings.method
    if any(caution.startswith(NOT_KNOWN) for caution in material.findings.cautions):
        sentences = tuple(sentence for sentence in sentences if not sentence.startswith(NOT_STATED))
    return paragraph_of(*(sentences if with_teams else without_teams(sentences, material.teams)))


def cautions(material: Material) -> list[str]:
    """Return the cautions to keep in mind before reading a figure, save those told in another place: how many
    were returned, which results are not shown, which counts are hidden, that all cases were audited, and that
    answers or reasons are missing."""
    elsewhere = (*TOLD_WITH_THE_FIGURES, HIDDEN, ALL_AUDITED, *OF_ANSWERS)
    told = [caution for caution in material.findings.cautions if not caution.startswith(elsewhere)]
    return list(filter(None, (without_returns(caution, material.findings.returns) for caution in told)))


def of_answers(material: Material) -> list[Part]:
    """Return how many answers are blank and how many grades have no reason."""
    told = (caution for caution in material.findings.cautions if caution.startswith(OF_ANSWERS))
    return paragraph_of(*told)


def _in_time(material: Material) -> str | None:
    number, of = material.work.in_time, material.findings.returns.returned
    if not of:
        return None
    if of == 1:
        return f"It was returned {'by' if number else 'after'} its first due date."
    which = all_of(of) if number == of else f"{number:,} of the {of:,}" if number else f"None of the {of:,}"
    return f"{which} {were(number)} returned by their first due date."


def _not_returned(material: Material, *, with_reasons: bool) -> list[str]:
    returns = material.findings.returns
    number, late, reasons = returns.not_returned, returns.after_cut_off, material.findings.reasons
    why = reasons_in_words(reasons) if with_reasons and reasons else None
    said = [f"{counted(number, 'audit')} {were(number)} not returned{f': {why}' if why else ''}."]
    if late:
        said.append(
            f"{late:,} of them {were(late)} returned after the cut-off date and {plural(late, 'is', 'are')} "
            "not in any figures."
        )
    return said + _followed_up(number, material.work)


def _followed_up(missing: int, work: Work) -> list[str]:
    """Return what was done by hand to get the missing audits back, and what the service sent by itself."""
    them = "it" if missing == 1 else "them"
    said = []
    if work.reminders:
        said.append(f"The service sent {counted(work.reminders, 'automatic reminder')} about {them}.")
    if work.chased:
        times = "once" if work.contacts == 1 else f"{work.contacts:,} times in total"
        which = (
            "It"
            if missing == 1
            else all_of(missing)
            if work.chased == missing
            else f"{work.chased:,} of the {missing:,}"
        )
        said.append(f"{which} {were(work.chased)} followed up by phone, email or in person, {times}.")
    elif work.could_be_chased:
        said.append(f"No phone call or other follow-up of {them} by a person is recorded.")
    return said


def _pairs(auditors: Auditors) -> str:
    audits = auditors.in_pairs + auditors.alone
    if not auditors.in_pairs:
        return "Each returned audit was done by one auditor."
    if auditors.alone:
        return (
            f"{auditors.in_pairs:,} of the returned audits {were(auditors.in_pairs)} done by 2 auditors and "
            f"{auditors.alone:,} by one auditor."
        )
    each = "The returned audit was" if audits == 1 else "Each returned audit was"
    (first, second), number = auditors.pairs[0]
    if number < audits or first is None or second is None:
        return f"{each} done by 2 auditors."
    if first == second:
        return f"{each} done by 2 auditors, both with the job title {first}."
    return f"{each} done by a pair: {_article(first)} as lead and {_article(second)} as second auditor."


def _article(job: str) -> str:
    return f"{'an' if job[:1].lower() in 'aeiou' else 'a'} {job}"


def _jobs(auditors: Auditors) -> str:
    people = "1 person" if auditors.people == 1 else f"{auditors.people:,} people"
    if not any(job for job, _ in auditors.by_job):
        return f"{people} took part."
    by_job = [f"{job or 'no job title recorded'} ({number:,})" for job, number in auditors.by_job]
    return f"{people} took part. By job title: {listed(by_job)}."


def _training(auditors: Auditors) -> str | None:
    """Return how many had been trained; None where the council records nobody's training."""
    people, before, later = auditors.people, auditors.trained_before, auditors.trained_later
    if not (before or later or auditors.training_is_recorded):
        return None
    if before == people:
        who_had = "That person" if people == 1 else all_of(people)
        return f"{who_had} had been trained before their first audit."
    if before:
        sentence = f"{before:,} of the {people:,} had been trained before their first audit"
    elif people == 1:
        sentence = "That person has no record of training before their first audit"
    else:
        sentence = f"None of the {people:,} has a record of training before their first audit"
    if not later:
        return f"{sentence}."
    only = "The" if people == 1 else f"For {later:,} of them, the"
    return f"{sentence}. {only} only training date recorded is later."
