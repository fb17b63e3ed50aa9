"""The table of permissions. An address that is not in it is denied.

A rule names roles, any of which is enough, and relations to the thing that the address names ("in the pair":
the person is one of the audit's two auditors), any of which is enough too.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from flask import Flask, abort, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from app import access
from app.api import tokens
from app.api.problems import KeyEnded
from app.moves.sent_once import page_of_form
from app.moves.typed_texts import kept_instead, of_somebody_else
from app.no_longer_theirs import page_of_former_work
from app.people import confirming, signing_in
from app.people import roles as role_sets
from app.people.roles import RoleName as R
from app.relations import RELATIONS, TO_ANYTHING


@dataclass(frozen=True)
class Rule:
    """The rule of who may open an address."""

    roles: frozenset[R] = frozenset()
    relations: tuple[str, ...] = ()
    all_signed_in: bool = False
    everybody: bool = field(default=False)
    by_key: frozenset[R] = frozenset()
    """The roles of the keys with which programs may open it; no browser may."""
    closed_to: tuple[str, ...] = ()
    """The relations of people who may not open it, whatever their roles are."""


def roles(*names: R, or_relations: tuple[str, ...] = ()) -> Rule:
    """Return the rule for people with one of these roles, or in one of these relations to the thing
    addressed."""
    return Rule(roles=frozenset(names), relations=or_relations)


def by_key(*names: R) -> Rule:
    """Return the rule for programs that show a key with one of these roles."""
    return Rule(by_key=frozenset(names))


EVERYBODY = Rule(everybody=True)
SIGNED_IN = Rule(all_signed_in=True)

COORDINATORS = roles(R.COORDINATOR)
OFFICE = roles(*role_sets.OFFICE)
READERS = roles(*role_sets.READERS)
IN_THE_PAIR = Rule(relations=("in the pair",))
LOOK_AFTER_EXEMPLARS = roles(R.COORDINATOR, R.MODERATOR, R.LEADER)
UNTIL_THEIRS_IS_RETURNED = ("audits its case again",)
NOT_THEIRS = (*UNTIL_THEIRS_IS_RETURNED, "moderates their own case")
NOT_YET_THEIRS = (*NOT_THEIRS, "has yet to ask for the grade")
"""The audits whose grade a reader sees not at all, or not before asking for it."""
OF_THE_AUDIT = replace(roles(*role_sets.READ_ANSWERS, or_relations=("in the pair",)), closed_to=NOT_THEIRS)
READS_ANSWERS = replace(OF_THE_AUDIT, closed_to=NOT_YET_THEIRS)
READS_THE_BODY = roles(*role_sets.SEE_ALL, or_relations=("member of the body",))
OWNS_THE_ACTION = Rule(relations=("owner of the action",))
OWNS_THE_RECOMMENDATION = Rule(relations=("owner of the recommendation",))
WROTE_THE_LINE = roles(R.COORDINATOR, or_relations=("wrote the line of progress",))
STEER_THE_ACTION = roles(R.COORDINATOR, or_relations=("steers the action",))
SEES_ITS_STATE = ("in the pair", "told when the audit is late")

READS_ITS_CHASES = replace(roles(*role_sets.READ_ANSWERS, or_relations=SEES_ITS_STATE), closed_to=NOT_THEIRS)
SEES_THE_ACTION = roles(*role_sets.SEE_ALL, or_relations=("sees the action",))
SEES_THE_RECOMMENDATION = roles(*role_sets.SEE_ALL, or_relations=("sees the recommendation",))
SEES_THE_REMEDY = roles(R.COORDINATOR, or_relations=("reads the remedy", "told when the remedy is late"))
SEES_THE_RESPONSE = replace(
    roles(
        *role_sets.READ_ANSWERS,
        or_relations=("in the pair", "asked for the response", "told when the response is late"),
    ),
    closed_to=NOT_YET_THEIRS,
)

TABLE: dict[str, Rule] = {
    "static": EVERYBODY,
    "today.home": SIGNED_IN,
    "today.calls": roles(R.COORDINATOR, or_relations=("deputy of a coordinator",)),
    "today.log_call": roles(R.COORDINATOR, or_relations=("deputy of a coordinator",)),
    "today.news_emails": SIGNED_IN,
    "today.accessibility": EVERYBODY,
    "today.privacy": EVERYBODY,
    "today.security_txt": EVERYBODY,
    "health.health": EVERYBODY,
    "watching.metrics": EVERYBODY,  # by its token
    "watching.page": OFFICE,
    "typed.page": SIGNED_IN,
    "typed.delete": SIGNED_IN,
    # messages
    "outbox.listing": COORDINATORS,
    "outbox.detail": COORDINATORS,
    "outbox.send_again": COORDINATORS,
    "outbox.release": COORDINATORS,
    "outbox.drop": COORDINATORS,
    "outbox.release_held": COORDINATORS,
    "outbox.drop_held": COORDINATORS,
    "outbox.resume": COORDINATORS,
    "outbox.release_copy": OFFICE,
    "outbox.send_test": COORDINATORS,
    # reminders
    "reminders.ladders": OFFICE,
    "reminders.edit_ladder": OFFICE,
    "reminders.save_ladder": OFFICE,
    "reminders.preview": COORDINATORS,
    "reminders.hold": COORDINATORS,
    "reminders.let_go": COORDINATORS,
    # who was reminded of a thing: the readers of its page
    "reminders.of_audit": READS_ITS_CHASES,
    "reminders.of_action": SEES_THE_ACTION,
    "reminders.of_recommendation": SEES_THE_RECOMMENDATION,
    "reminders.of_remedy": SEES_THE_REMEDY,
    "reminders.of_response": SEES_THE_RESPONSE,
    # cycles
    "cycles.listing": READERS,
    "cycles.programme": READERS,
    "summary.page": roles(*role_sets.SEE_ALL),
    "summary.download": roles(*role_sets.SEE_ALL),
    "cycles.page": READERS,
    "cycles.new": COORDINATORS,
    "cycles.edit": COORDINATORS,
    "cycles.close": COORDINATORS,
    "cycles.audit_again": COORDINATORS,
    "cycles.auditors": COORDINATORS,
    "cycles.reporting": COORDINATORS,
    "sampling.cases": COORDINATORS,
    "sampling.request_drawn": COORDINATORS,
    "sampling.replace_case": COORDINATORS,
    "sampling.repeat_draw": COORDINATORS,
    # how long texts are kept
    "retention.listing": OFFICE,
    "retention.cycle": OFFICE,
    "retention.set_date": OFFICE,
    "retention.hold": OFFICE,
    "retention.let_go": OFFICE,
    "retention.remove": OFFICE,
    "retention.periods": OFFICE,
    "retention.anonymous": OFFICE,
    "retention.file_about": roles(R.ADMINISTRATOR),
    # between cycles
    "findings.page": READERS,
    "findings.read_comments": COORDINATORS,
    "findings.beside": READERS,
    "findings.over_time": READERS,
    "findings.earlier_listing": COORDINATORS,
    "findings.enter_earlier": COORDINATORS,
    "findings.edit_earlier": COORDINATORS,
    "findings.remove_earlier": COORDINATORS,
    # reports
    "reports.page": READERS,
    "reports.download": READERS,
    "reports.write": COORDINATORS,
    "reports.write_head": COORDINATORS,
    "reports.choose_comments": COORDINATORS,
    "reports.change_comment": COORDINATORS,
    "reports.leave_out": COORDINATORS,
    "reports.make_final": COORDINATORS,
    "reports.note_sent": COORDINATORS,
    "reports.note_feedback": COORDINATORS,
    "reports.remove_sent": COORDINATORS,
    "reports.template": OFFICE,
    "reports.template_file": OFFICE,
    "reports.proposed_template": OFFICE,
    "reports.example_in_template": OFFICE,
    "reports.use_template": OFFICE,
    "reports.drop_template": OFFICE,
    "reports.remove_template": OFFICE,
    # one audit
    "audits.detail": READS_ITS_CHASES,
    "audits.start": IN_THE_PAIR,
    "audits.return_audit": IN_THE_PAIR,
    "audits.cannot": IN_THE_PAIR,
    "audits.promise": IN_THE_PAIR,
    "audits.assign": COORDINATORS,
    "audits.reassign": COORDINATORS,
    "audits.send_back": COORDINATORS,
    "audits.extend": COORDINATORS,
    "audits.withdraw": COORDINATORS,
    "audits.exempt": COORDINATORS,
    "audits.lift_exemption": COORDINATORS,
    "audits.strike_chase": COORDINATORS,
    "audits.give_reason": COORDINATORS,
    "audits.correct_case_number": COORDINATORS,
    "audits.name_worker": COORDINATORS,
    "audits.chase": COORDINATORS,
    "audits.log_chase": COORDINATORS,
    # a child at risk now
    "concerns.raise": OF_THE_AUDIT,
    "concerns.alerts": COORDINATORS,
    "concerns.alert": roles(
        R.COORDINATOR, or_relations=("manager of the team of the alert's case", "raised the alert")
    ),
    # the second look and moderation
    "answers.confirm": IN_THE_PAIR,
    "answers.agree": IN_THE_PAIR,
    "answers.reading": READS_ANSWERS,
    "answers.moderate": replace(roles(R.MODERATOR), closed_to=NOT_THEIRS),
    "answers.ask_for_grades": replace(roles(R.MODERATOR), closed_to=NOT_THEIRS),
    "answers.moderation": roles(*role_sets.READ_ANSWERS),
    # its form: the moves decide who may write in it
    "answers.form": READS_ANSWERS,
    "answers.section": READS_ANSWERS,
    "answers.context": READS_ANSWERS,
    "answers.end": READS_ANSWERS,
    "answers.check": READS_ANSWERS,
    "answers.returned": READS_ANSWERS,
    "answers.paper": COORDINATORS,
    "answers.of_cycle": COORDINATORS,
    "answers.printed_for_audit": roles(R.COORDINATOR, or_relations=("in the pair",)),
    "answers.preview": OFFICE,
    "answers.printed": roles(*role_sets.OFFICE, *role_sets.READ_ANSWERS, R.AUDITOR),
    # what must be put right on one file
    "concerns.note": roles(R.COORDINATOR, or_relations=("in the pair",)),
    "concerns.remedies": roles(
        R.COORDINATOR,
        R.MANAGER,
        R.AUDITOR,
        or_relations=("owns a remedy", "deputy of a coordinator"),
    ),
    "concerns.remedy": SEES_THE_REMEDY,
    "concerns.finish": Rule(relations=("owns the remedy",)),
    "concerns.later": roles(
        R.COORDINATOR, or_relations=("owns the remedy", "in the pair of the remedy's audit")
    ),
    "concerns.withdraw": roles(R.COORDINATOR, or_relations=("in the pair of the remedy's audit",)),
    "concerns.owner": COORDINATORS,
    # a grade that calls for a response
    "concerns.response": SEES_THE_RESPONSE,
    "concerns.decide": replace(roles(R.MODERATOR), closed_to=NOT_THEIRS),
    # the worker of a case
    "workers.page": replace(
        roles(*role_sets.READ_ANSWERS, or_relations=("in the pair", "its worker")),
        closed_to=(*UNTIL_THEIRS_IS_RETURNED, "is told nothing of their case"),
    ),
    "workers.decide": replace(roles(R.MODERATOR, or_relations=("in the pair",)), closed_to=NOT_THEIRS),
    "workers.note_talk": replace(
        roles(R.COORDINATOR, or_relations=("in the pair",)), closed_to=UNTIL_THEIRS_IS_RETURNED
    ),
    # several audits
    "assigning.request_audits": COORDINATORS,
    "assigning.assign_pairs": COORDINATORS,
    "chase_list.selected": COORDINATORS,
    # the chase list
    "chase_list.listing": roles(
        R.COORDINATOR, R.AUDITOR, or_relations=("in a pair", "deputy of a coordinator")
    ),
    # recommendations and actions
    "actions.by_age": SIGNED_IN,
    "actions.tracker": SIGNED_IN,
    "actions.action": SEES_THE_ACTION,
    "actions.report": OWNS_THE_ACTION,
    "actions.ask_later": OWNS_THE_ACTION,
    "actions.not_mine": OWNS_THE_ACTION,
    "actions.propose_done": OWNS_THE_ACTION,
    "actions.answer_later": STEER_THE_ACTION,
    "actions.sign_off": STEER_THE_ACTION,
    "actions.send_back": STEER_THE_ACTION,
    "actions.check_impact": STEER_THE_ACTION,
    "actions.agree": COORDINATORS,
    "actions.change_owner": STEER_THE_ACTION,
    "actions.move_date": STEER_THE_ACTION,
    "actions.edit": STEER_THE_ACTION,
    "actions.take_back_sign_off": STEER_THE_ACTION,
    "actions.take_back_check": STEER_THE_ACTION,
    "actions.strike_progress": WROTE_THE_LINE,
    "actions.withdraw": COORDINATORS,
    "actions.hand_over": COORDINATORS,
    "actions.raise_action": COORDINATORS,
    "actions.answered": COORDINATORS,
    "quick_wins.listing": SIGNED_IN,
    "quick_wins.quick_win": roles(*role_sets.SEE_ALL, or_relations=("concerned with the quick win",)),
    "quick_wins.plan": COORDINATORS,
    "quick_wins.edit": COORDINATORS,
    "quick_wins.stop": COORDINATORS,
    "quick_wins.moved": COORDINATORS,
    "quick_wins.check_quick_win": COORDINATORS,
    "quick_wins.check_action": COORDINATORS,
    "exemplars.shown": SIGNED_IN,
    "exemplars.nominations": COORDINATORS,
    "exemplars.set_aside": COORDINATORS,
    "exemplars.exemplar": LOOK_AFTER_EXEMPLARS,
    "exemplars.write": COORDINATORS,
    "exemplars.edit": COORDINATORS,
    "exemplars.approve": LOOK_AFTER_EXEMPLARS,
    "exemplars.retire": COORDINATORS,
    "quick_wins.practice": roles(R.COORDINATOR, or_relations=("in its audience",)),
    "actions.recommendations": SIGNED_IN,
    "actions.recommendation": SEES_THE_RECOMMENDATION,
    "calendar.own": SIGNED_IN,
    "calendar.make": SIGNED_IN,
    "calendar.revoke": SIGNED_IN,
    "calendar.feed": EVERYBODY,  # the address is the secret
    "bodies.listing": roles(*role_sets.SEE_ALL, or_relations=("sits on a body",)),
    "bodies.body": READS_THE_BODY,
    "bodies.meeting": READS_THE_BODY,
    "bodies.add": COORDINATORS,
    "bodies.rename": COORDINATORS,
    "bodies.add_member": COORDINATORS,
    "bodies.remove_member": COORDINATORS,
    "bodies.add_meeting": COORDINATORS,
    "bodies.change_meeting": COORDINATORS,
    "bodies.cancel_meeting": COORDINATORS,
    "bodies.decide": COORDINATORS,
    "actions.recommend": COORDINATORS,
    "actions.edit_recommendation": COORDINATORS,
    "actions.decide": COORDINATORS,
    "actions.recommendation_owner": COORDINATORS,
    "actions.move_date_recommendation": COORDINATORS,
    "actions.report_recommendation": OWNS_THE_RECOMMENDATION,
    "actions.ask_later_recommendation": OWNS_THE_RECOMMENDATION,
    "actions.not_mine_recommendation": OWNS_THE_RECOMMENDATION,
    "actions.propose": OWNS_THE_RECOMMENDATION,
    "actions.strike_progress_recommendation": WROTE_THE_LINE,
    "actions.answer_later_recommendation": COORDINATORS,
    "actions.send_back_recommendation": COORDINATORS,
    "actions.carry_out": COORDINATORS,
    "actions.open_again": COORDINATORS,
    "actions.take_back_decision": COORDINATORS,
    # people
    "security.login": EVERYBODY,
    "security.logout": EVERYBODY,
    "council_accounts.begin": EVERYBODY,
    "council_accounts.come_back": EVERYBODY,
    "council_accounts.disconnect_account": OFFICE,
    "people.sign_out": EVERYBODY,
    "people.forgotten_password": EVERYBODY,
    "people.choose_password": EVERYBODY,
    "account.code": EVERYBODY,  # who has given their password
    "account.enrol": EVERYBODY,
    "account.page": SIGNED_IN,  # each their own
    "account.password": SIGNED_IN,
    "account.confirm": SIGNED_IN,
    "account.end_session": SIGNED_IN,
    "account.end_others": SIGNED_IN,
    "account.set_up": SIGNED_IN,
    "account.remove_app": SIGNED_IN,
    "account.make_recovery_codes": SIGNED_IN,
    "account.reset_app": roles(R.ADMINISTRATOR),
    "account.switch_off": OFFICE,
    "account.switch_on": OFFICE,
    "people.listing": OFFICE,
    "people.new": OFFICE,
    "people.page": OFFICE,
    "people.edit": OFFICE,
    "people.confirm_role": OFFICE,
    "people.refuse_role": OFFICE,
    "people.add_leave": OFFICE,
    "people.edit_leave": OFFICE,
    "people.remove_leave": OFFICE,
    "people.invite": OFFICE,
    "people.invite_all": OFFICE,
    # audit tools
    "tools.listing": OFFICE,
    "tools.page": OFFICE,
    "tools.new": OFFICE,
    "tools.new_version": OFFICE,
    "tools.edit": OFFICE,
    "tools.edit_details": OFFICE,
    "tools.edit_scale": OFFICE,
    "tools.remove_scale": OFFICE,
    "tools.add_section": OFFICE,
    "tools.edit_section": OFFICE,
    "tools.edit_section_condition": OFFICE,
    "tools.move_section": OFFICE,
    "tools.remove_section": OFFICE,
    "tools.add_question": OFFICE,
    "tools.edit_question": OFFICE,
    "tools.edit_condition": OFFICE,
    "tools.edit_level": OFFICE,
    "tools.edit_findings": OFFICE,
    "tools.edit_overall": OFFICE,
    "tools.add_limit": OFFICE,
    "tools.remove_limit": OFFICE,
    "tools.move_question": OFFICE,
    "tools.remove_question": OFFICE,
    "tools.publish": OFFICE,
    "tools.delete": OFFICE,
    "tools.standards": OFFICE,
    "tools.add_standard": OFFICE,
    "tools.edit_standard": OFFICE,
    # other programs
    "api.openapi": EVERYBODY,
    "api.cycles": by_key(*role_sets.READERS),
    "api.cycle": by_key(*role_sets.READERS),
    "api.figures": by_key(*role_sets.READERS),
    "api.audits": by_key(R.COORDINATOR),
    "api.actions": by_key(*role_sets.READERS),
    "keys.listing": roles(*role_sets.READERS, R.ADMINISTRATOR),
    "keys.revoke": roles(*role_sets.READERS, R.ADMINISTRATOR),
    # files
    "imports.page": OFFICE,
    "imports.looked_at": OFFICE,
    "imports.take_in": OFFICE,
    "imports.faults": OFFICE,
    "imports.drop": OFFICE,
    "made_files.listing": SIGNED_IN,  # each their own
    "made_files.ask": SIGNED_IN,  # who may open the address of the file
    "made_files.page": SIGNED_IN,
    "made_files.download": SIGNED_IN,
    # the history itself
    "history.page": OFFICE,
    "history.acknowledge": roles(R.ADMINISTRATOR),
    "history.remove": COORDINATORS,
    # the record of reading
    "readings.listing": roles(R.ADMINISTRATOR),
    "readings.readers": OFFICE,
    # settings
    "settings.reading_log": roles(R.ADMINISTRATOR),
    "settings.page": OFFICE,
    "settings.duty_team": OFFICE,
    "settings.privacy": OFFICE,
    "settings.add_closure": OFFICE,
    "settings.remove_closure": OFFICE,
    "settings.add_reason": OFFICE,
    "settings.rename_reason": OFFICE,
    "settings.move_reason_up": OFFICE,
    "settings.mark_personal": OFFICE,
    "settings.own_list": OFFICE,
    "settings.add_entry": OFFICE,
    "settings.rename_entry": OFFICE,
    "settings.move_entry_up": OFFICE,
    "settings.agencies": OFFICE,
    "settings.rename_agency_page": OFFICE,
    "settings.teams": OFFICE,
    "settings.rename_team": OFFICE,
}

PASSWORD_AGAIN = {
    "account.set_up": ("GET", "POST"),
    "account.remove_app": ("GET", "POST"),
    "account.make_recovery_codes": ("POST",),
    "account.reset_app": ("GET", "POST"),
    "account.switch_off": ("GET", "POST"),
    "account.switch_on": ("GET", "POST"),
    "council_accounts.disconnect_account": ("POST",),
    "keys.listing": ("POST",),
    "keys.revoke": ("POST",),
    "people.confirm_role": ("POST",),
    "retention.remove": ("POST",),
    "retention.anonymous": ("POST",),
    "retention.file_about": ("POST",),
}
"""The addresses that ask for the password again, by the methods that do. The page of a person's details asks
where roles or the email address change, the import where the file is one of staff, and an invitation where
its link is shown."""


def init_app(app: Flask) -> None:
    """Check the table before every request."""

    @app.before_request
    def check() -> Response | tuple[str, int] | None:
        if request.endpoint is None:
            return None  # no such page: 404 reveals nothing
        rule = TABLE.get(request.endpoint)
        if rule is not None and rule.everybody:
            return None
        if rule is not None and rule.by_key:
            _check_key(rule)
            return None
        if not current_user.is_authenticated:
            return _sign_in_first()
        if (answer := of_somebody_else()) is not None:
            return answer
        if rule is None or not allowed(rule, request.view_args or {}):
            former = page_of_former_work()
            return (former, 403) if former else abort(403)
        asks = request.method in PASSWORD_AGAIN.get(request.endpoint, ())
        return confirming.ask() if asks and confirming.is_needed() else None

    access.answer_with(app, access.Answers(is_open, open_ones))
    # macros of other files ask it, too
    app.jinja_env.globals.update(may=access.may)


def _sign_in_first() -> Response | tuple[str, int]:
    if signing_in.waiting() is not None:
        return redirect(url_for("account.code", next=_next_address()))
    return kept_instead() or redirect(url_for("security.login", next=_next_address()))


def _check_key(rule: Rule) -> None:
    """Set `g.holder` to the holder of the key; abort with 401 without a key, 403 where its role is wrong."""
    authorization = request.authorization
    holder = (
        tokens.holder(authorization.token)
        if authorization and authorization.type == "bearer" and authorization.token
        else None
    )
    if holder is None:
        ended_on = tokens.ended_on(authorization.token) if authorization and authorization.token else None
        raise KeyEnded(ended_on) if ended_on is not None else Unauthorized
    if holder.role not in rule.by_key:
        abort(403)
    g.holder = holder


def _next_address() -> str:
    """Return the page to come back to after signing in: the requested one, or the one whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    return page_of_form()


def allowed(rule: Rule, named: dict[str, object]) -> bool:
    """True when the person signed in satisfies the rule for the thing that the address names."""
    if any(RELATIONS[relation](current_user, named) for relation in rule.closed_to):
        return False
    if rule.everybody or rule.all_signed_in or rule.roles & current_user.role_names:
        return True
    return any(RELATIONS[relation](current_user, named) for relation in rule.relations)


def is_open(endpoint: str, named: dict[str, object]) -> bool:
    """True when the person signed in may open this address."""
    rule = TABLE.get(endpoint)
    return rule is not None and (rule.everybody or (current_user.is_authenticated and allowed(rule, named)))


def open_ones(endpoint: str, references: Collection[str]) -> frozenset[str]:
    """Return those of these references whose address the person signed in may open: all, in a query or two,
    where their role opens it and nothing is closed to them."""
    rule = TABLE[endpoint]
    by_role = current_user.is_authenticated and bool(rule.roles & current_user.role_names)
    if by_role and not any(TO_ANYTHING[relation](current_user) for relation in rule.closed_to):
        return frozenset(references)
    return frozenset(each for each in references if is_open(endpoint, {"reference": each}))
