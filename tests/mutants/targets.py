"""The functions that each relation follows from, and changes of them that change nothing."""

from app.people.roles import RoleName

_DEPUTIES = ("deputy of a coordinator", "told when the audit is late", "sees the action")
_AUDITED = ("in the pair", "in a pair", "audits its case again")
_TRACKED = ("steers the action", "sees the action", "concerned with the quick win", "sees the recommendation")
_GRADE = ("has yet to ask for the grade",)
_RESPONSE = ("asked for the response", "told when the response is late")

TARGETS: dict[str, tuple[str, ...]] = {
    "app.relations:_is_there": ("owner of the recommendation", *_TRACKED),
    "app.relations:_seats_of": ("sits on a body", "member of the body"),
    "app.audits.standing:held_on": _AUDITED,
    "app.audits.open_on:not_yet": ("audits its case again",),
    "app.audits.audited_again:audited_again_by": ("audits its case again",),
    "app.relations:_decides_about_an_answer": _GRADE,
    "app.answers.unseen_grade:has_yet_to_ask": _GRADE,
    "app.answers.unseen_grade:asked_how": _GRADE,
    "app.workers.queries:shown_to": ("its worker",),
    "app.workers.queries:is_shown_to": ("its worker",),
    "app.people.standing_in_sql:stood_in_for": _DEPUTIES,
    "app.people.standing_in_sql:stands_in_for_a_coordinator": _DEPUTIES,
    "app.people.standing_in_sql:is_line_managed": (
        "told when the audit is late",
        "told when the remedy is late",
    ),
    "app.people.standing_in_sql:people_of": _TRACKED,
    "app.people.standing_in_sql:team_and_line": _TRACKED,
    "app.people.presence_sql:has_not_left": _DEPUTIES,
    "app.people.presence_sql:covers": _DEPUTIES,
    "app.people.presence_sql:is_on_leave": _DEPUTIES,
    "app.people.models:Person.managed_team_id": ("manager of the team of the alert's case", *_TRACKED),
    "app.actions.seen:actions_steered_by": _TRACKED,
    "app.actions.seen:actions_that_concern": _TRACKED,
    "app.actions.seen:actions_seen_by": _TRACKED,
    "app.actions.seen:recommendations_listed_for": _TRACKED,
    "app.actions.seen:recommendations_seen_by": _TRACKED,
    "app.actions.seen:_reported_to_deputy": _TRACKED,
    "app.quick_wins.audience:is_for": ("in its audience",),
    "app.concerns.alert_queries:told_of": ("manager of the team of the alert's case",),
    "app.concerns.alert_queries:raised_by": ("raised the alert",),
    "app.concerns.remedy_queries:may_read": ("reads the remedy",),
    "app.concerns.remedy_queries:in_the_pair": ("in the pair of the remedy's audit",),
    "app.concerns.remedy_queries:owns": ("owns the remedy",),
    "app.concerns.remedy_queries:told_late": ("told when the remedy is late",),
    "app.concerns.remedy_queries:has_any": ("owns a remedy",),
    "app.concerns.remedy_queries:_theirs": ("reads the remedy",),
    "app.concerns.remedy_queries:_audited_by": ("reads the remedy", "in the pair of the remedy's audit"),
    "app.concerns.response_queries:is_asked": ("asked for the response",),
    "app.concerns.response_queries:told_late": ("told when the response is late",),
    "app.concerns.response_life:asked_of": _RESPONSE,
    "app.concerns.response_life:answering": _RESPONSE,
    "app.concerns.response_life:told_late": ("told when the response is late",),
    "app.concerns.response_life:line_managers_of": _RESPONSE,
    "app.concerns.response_life:_coordinators": _RESPONSE,
    "app.concerns.response_queries:last_of": _RESPONSE,
    "app.concerns.response_queries:took_part": _RESPONSE,
    "app.concerns.response_queries:asked": _RESPONSE,
    "app.concerns.response_queries:answering": _RESPONSE,
    "app.concerns.responses_open:took_part": _RESPONSE,
    "app.concerns.receivers:managers_of": _RESPONSE,
    "app.people.queries:everyone": _RESPONSE,
    "app.people.standing_in:deputy_of": _RESPONSE,
    "app.people.presence:has_left": _RESPONSE,
    "app.people.presence:PersonFacts.managed_team_id": _RESPONSE,
    "app.people.presence:PersonFacts.has_left": _RESPONSE,
    "app.people.presence:PersonFacts.leave_on": _RESPONSE,
    "app.people.presence:PersonFacts.is_there": _RESPONSE,
    "app.quick_wins.queries:is_in_audience": ("in its audience",),
    "app.quick_wins.models:QuickWin.audience_roles": ("in its audience",),
    "app.quick_wins.models:QuickWin.audience_team_ids": ("in its audience",),
    "app.people.models:Person.role_names": ("moderates their own case", "in its audience"),
    "app.called:Called.called": ("owns the remedy", "in its audience"),
}
"""The relations that a loosened function must make wrong; each relation's own function besides."""

ROLE_OF = {
    "moderates their own case": RoleName.MODERATOR,
    "is told nothing of their case": RoleName.MODERATOR,
    "has yet to ask for the grade": RoleName.MODERATOR,
}
"""The role without which nobody has the relation."""

EQUIVALENT: frozenset[str] = frozenset(
    {
        # people are found by their numbers, and none has none
        "app.concerns.response_life:asked_of: named = people.get(respond_to)",
        "app.concerns.response_life:told_late: named = people.get(respond_to)",
        (
            "app.concerns.response_life:line_managers_of: "
            "ids = dict.fromkeys((person.line_manager_id for person in persons))"
        ),
        # all people are looked for in, and every line manager is one of them
        "app.concerns.response_life:line_managers_of: return [people[id_] for id_ in ids]",
        # they would be asked twice, which opens nothing more; what is sent is held by the tests of responses
        "app.concerns.response_life:asked_of: if named is not None and (not named.has_left(on)):",
        # of an audit that is not there nobody has yet to ask
        "app.relations:_decides_about_an_answer: reply = last_of(audit_id)",
        # the people are read again, or were given
        "app.concerns.response_queries:answering: people = everyone()",
        "app.concerns.response_queries:asked: people = everyone()",
        "app.concerns.response_queries:asked: people = people",
        "app.concerns.response_queries:asked: people = everyone() if people is not None else people",
        # of no audits nobody is found, and of each audit its own people are taken
        (
            "app.concerns.responses_open:took_part: auditors = select(Assignment.audit_id, "
            "Assignment.person_id).where(Assignment.assigned_on <= on)"
        ),
        (
            "app.concerns.responses_open:took_part: moderators = select(Moderation.audit_id, "
            "Moderation.moderator_id).where(Moderation.decided_on <= on)"
        ),
        "app.concerns.responses_open:took_part: if False:",
        # no name holds that character, and PostgreSQL alone cannot be asked for it
        ("app.called:Called.called: return cls.folded.in_(sorted({cls.fold(each) for each in spellings}))"),
        # whoever asks compares the person, or the audit, which nobody's and none's is equal to
        (
            "app.audits.standing:held_on: return and_(Assignment.assigned_on <= on, "
            "or_(Assignment.ended_on.is_(None), Assignment.ended_on > on))"
        ),
        (
            "app.audits.audited_again:audited_again_by: return select(Audit.re_audit_of_id)"
            ".join(Assignment, Assignment.audit_id == Audit.id).where(not_yet(Audit.returned_on, on), "
            "not_yet(Audit.withdrawn_on, on), Assignment.person_id == person_id, held_on(on))"
        ),
    }
)
"""Changes that change nothing for anybody."""
