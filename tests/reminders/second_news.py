"""The news of a day, for the second implementation: what became of one's own work."""

from datetime import date

from .second_due import Due
from .second_facts import Facts, Item, Key, News, Sent
from .second_state import auditors, has_happened, is_returned, person_of
from .second_working_days import offset

HOLDS_FOR = 20


def due_news(facts: Facts, sent: Sent, on: date) -> list[Due]:
    """The rule: "What became of one's own work is an item (step `news`) of one's next digest, once. Each is a
    row of its own; its key is (news, person), and it stands beside the ladder as `reassign` does: it replaces
    no step and is replaced by none. In JSON: item the reference, due_on null." """
    due = []
    for news in facts.news:
        key = Key(("news", str(news.number)), news.made_on, "news", news.person, "digest")
        if key not in sent.keys and it_holds(news, facts, on):
            due.append(Due(key, Item(news.about[1], "news", None)))
    return due


def it_holds(news: News, facts: Facts, on: date) -> bool:
    """The rule: "It holds until it was read on the first page, for 20 working days, and while the person
    still has the thing." """
    if not has_happened(news.made_on, on) or has_happened(news.read_on, on):
        return False
    return on <= offset(news.made_on, HOLDS_FOR, facts.closures) and still_has(news, facts, on)


def still_has(news: News, facts: Facts, on: date) -> bool:
    """An audit: its auditors; what waits for a moderator: the moderators; all else: its owner. What was
    withdrawn or is exempt has nothing to be done, and news about it is over."""
    what, reference = news.about
    if what == "audit":
        audit = next(audit for audit in facts.audits if audit.reference == reference)
        if news.for_moderators:
            is_moderated = audit.moderated is not None and audit.moderated[1] <= on
            is_moderator = "moderator" in person_of(facts, news.person).roles
            return is_moderator and is_returned(audit, on) and not is_moderated
        if has_happened(audit.withdrawn_on, on) or has_happened(audit.exempted_on, on):
            return False
        return news.person in [holder.person for holder in auditors(audit, on)]
    owners = {("action", action.reference): action.owner for action in facts.actions}
    owners |= {("recommendation", one.reference): one.owner for one in facts.recommendations}
    owners |= {("remedy", remedy.reference): remedy.owner for remedy in facts.remedies}
    withdrawn = [
        *(("action", one.reference) for one in facts.actions if has_happened(one.withdrawn_on, on)),
        *(("remedy", one.reference) for one in facts.remedies if has_happened(one.withdrawn_on, on)),
    ]
    return owners[news.about] == news.person and news.about not in withdrawn
