"""The texts of the database: which go with the case numbers of a cycle, and why the others stay.

Every column of words, data or files is named here; a test fails where a new one is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

REMOVED = "(removed)"
"""The mark in place of a text that was removed. That there was one is still known: figures count it."""

EMPTIED, MARKED, AFTER_ITS_LABEL, KEPT_ROWS = "emptied", "marked", "after its label", "kept rows"
"""The ways in which a text goes: nothing is left of it; REMOVED is in its place; the label of a list stays
and the words after it go; texts inside kept rows of other tables go as they do in these."""

CASE_NUMBERS = "case numbers"
COMMENTS = "comments and reasons of answers"
FORM_NOTES = "notes of forms"
MODERATION = "reasons of moderators"
MOVES = "reasons of changes"
CHASES = "words in chase logs"
ALERTS = "words about a child at risk"
REMEDIES = "words of remedies"
RESPONSES = "words of responses and disputes"
REPLIES = "words of replies and talks"
WORKERS = "names of workers"
RETURNS = "texts of earlier returns"
HISTORY = "words in the history"
EMAILS = "texts of emails"
UNSENT = "forms not sent"
NEWS = "lines of news"


@dataclass(frozen=True)
class Text:
    """A column whose text goes with its cycle, and the kind that counts name."""

    table: str
    column: str
    kind: str
    how: str = MARKED


def _texts(table: str, kind: str, *columns: str, how: str = MARKED) -> tuple[Text, ...]:
    return tuple(Text(table, column, kind, how) for column in columns)


OF_A_CYCLE: Sequence[Text] = (
    *_texts("audits", CASE_NUMBERS, "case_reference", how=EMPTIED),
    *_texts("audits", MOVES, "differs", "withdrawn_because", "exempted_because", "exemption_approved_by"),
    *_texts("audits", MOVES, "note"),
    *_texts("drawn_cases", CASE_NUMBERS, "case_reference", how=EMPTIED),
    *_texts("former_case_numbers", CASE_NUMBERS, "case_reference", how=EMPTIED),
    *_texts("drawn_cases", MOVES, "left_out_because", how=AFTER_ITS_LABEL),
    *_texts("answers", COMMENTS, "comment", "above_limit_because"),
    *_texts("answer_views", COMMENTS, "reason"),
    *_texts("context_notes", COMMENTS, "note"),
    *_texts("form_notes", FORM_NOTES, "took_part", "hard_to_find", "exemplar_because"),
    *_texts("nominations_set_aside", FORM_NOTES, "because"),
    *_texts("moderations", MODERATION, "reason"),
    *_texts("assignments", MOVES, "why", how=AFTER_ITS_LABEL),
    *_texts("assignments", MOVES, "override_reason"),
    *_texts("extensions", MOVES, "because"),
    *_texts("returns", MOVES, "because"),
    *_texts("returns", RETURNS, "kept", how=KEPT_ROWS),
    *_texts("lifted_exemptions", MOVES, "exempted_because", "approved_by", "lifted_because"),
    *_texts("chases", CHASES, "with_whom", "outcome", "struck_because"),
    *_texts("calls_made", CHASES, "outcome"),
    *_texts("held_items", CHASES, "because"),
    *_texts("alerts", ALERTS, "told_whom", "told_when", "told_how", "answer", "acknowledgement"),
    *_texts("remedies", REMEDIES, "text", "done_how", "withdrawn_because"),
    *_texts("called_responses", RESPONSES, "done", "dispute", "decision"),
    *_texts("worker_replies", REPLIES, "reply", "decision"),
    *_texts("feedback_talks", REPLIES, "who", "agreed"),
)
"""The columns whose texts go with the cycle of their audit, or of their draw."""

OTHERWISE: Mapping[str, str] = {
    "audits.case_folded": "goes with the number that it is of",
    "drawn_cases.case_folded": "goes with the number that it is of",
    "former_case_numbers.case_folded": "goes with the number that it is of",
    "history.who": "the worker’s address on what they replied goes by the correction of the history",
    "history.before": "words of people about these audits go by the correction of the history",
    "history.after": "words of people about these audits go by the correction of the history",
    "history.why": "words of people about these audits go by the correction of the history",
    "messages.once": "goes with a worker’s name",
    "messages.address": "goes with a worker’s name",
    "messages.text": "goes for all emails about these audits, and for all others some months after sending",
    "messages.html": "goes with the plain text",
    "messages.facts": "go with the text: they have a sentence or reason that someone wrote",
    "news.facts": "go with the whole line of news",
    "typed_texts.entries": "go with the whole form, and after 7 days at the latest",
    "typed_texts.address": "goes with the whole form",
    "typed_texts.page": "goes with the whole form",
}
"""Columns whose texts go in a way of their own, or with others."""

_LABEL = "a reference, a key or a name from the council’s own lists"
_WORD = "a word from a fixed list"
_TOOL = "the audit tool: it says nothing of a case"
_PRACTICE = "about practice, and refused with a case number: no case is in it"
_PUBLISHED = "published, or made for publishing: it has no case number, and someone checked it"
_SERVICE = "what the service needs to work"
_STAFF = "about a member of staff: it goes when they are made anonymous"
_PROOF = "the proof of what was done"

_STAYS: Mapping[str, Mapping[str, str | Sequence[str]]] = {
    _LABEL: {
        "actions": "reference folded question",
        "agencies": "name folded",
        "alerts": "reference folded",
        "answered_findings": "question",
        "audits": "reference folded reason_not_returned",
        "bodies": "name folded",
        "cases_counted": "same_cases",
        "called_responses": "reference folded questions",
        "calls_made": "reference",
        "closures": "name",
        "context_factors": "label folded",
        "cycles": "reference folded title theme reported_to selection comparable_with audits_again checks",
        "drawn_cases": "stratum",
        "earlier_cycles": "reference folded title source",
        "earlier_figures": "question",
        "evidence_places": "label folded",
        "exemplars": "reference folded question",
        "findings_left": "question",
        "held_items": "reference",
        "message_items": "reference",
        "narratives": "section",
        "news": "reference",
        "not_returned_reasons": "label folded",
        "not_sent": "reference",
        "quick_wins": "reference folded question",
        "recommendations": "reference folded",
        "remedies": "reference folded",
        "teams": "name folded",
        "tools": "reference folded",
        "worker_replies": "reference folded",
    },
    _WORD: {
        "actions": "impact",
        "answer_views": "whose",
        "assignments": "part ended_because overridden",
        "audience_roles": "role",
        "called_responses": "fell_away_because",
        "calls_made": "obligation_kind channel",
        "chases": "channel",
        "cycles": "workers",
        "draws": "method",
        "final_reports": "audience",
        "held_items": "obligation_kind kind step",
        "ladders": "obligation_kind steps",
        "message_items": "obligation_kind kind step",
        "messages": "kind state",
        "moderations": "chosen_because outcome",
        "news": "what about_kind",
        "not_sent": "obligation_kind kind step reason",
        "paper_heads": "audience",
        "person_roles": "name",
        "readings": "kind",
        "recommendations": "decision",
        "role_requests": "role",
        "worker_replies": "changed ended_because",
    },
    _TOOL: {
        "questions": "key key_area text scale guidance answer unit from_label to_label counted_in applies_if"
        " theme recorded_in at_most calls_for_response",
        "scale_responses": "scale response counts_as",
        "scales": "scale kind",
        "sections": "title key applies_if",
        "standards": "name folded source text",
        "tools": "title unit overall limits",
    },
    _PRACTICE: {
        "actions": "text changes_for_children evidence impact_words withdrawn_because",
        "findings_left": "because",
        "meetings": "note",
        "moved_dates": "because refused_because",
        "progress_notes": "text struck_because",
        "quick_wins": "subject message why where example link stopped_because moved",
        "recommendations": "text decision_words proposed_words",
    },
    _PUBLISHED: {
        "chosen_comments": "theme question text",
        "exemplars": "title text retired_because",
        "final_reports": "because content",
        "narratives": "text",
        "paper_heads": "author contact marking",
        "sent_reports": "sent_to feedback",
        "snapshots": "findings",
    },
    _STAFF: {
        "body_members": "part",
        "council_accounts": "issuer subject",
        "former_emails": "email",
        "links_asked": "email",
        "people": "email name job_title telephone",
    },
    _SERVICE: {
        "attempts": "kind account client",
        "devices": "mark",
        "privacy_texts": "name text",
        "api_tokens": ("name", "role", "digest"),
        "case_number_key": "fingerprint",
        "calendar_addresses": "digest",
        "database_identity": "uid held_because released_by",
        "delivery_counts": "what",
        "delivery_state": "denied_in_a_row paused_because unreachable_because",
        "duty_team": "name telephone",
        "forms_sent": "key led_to told",
        "long_work": "token kind asked_by address seen_as ended",
        "waiting_files": "token kind cycle sent_as ending sealed",
        "heartbeats": "name",
        "people": "password fs_uniquifier tf_primary_method tf_totp_secret mf_recovery_codes",
        "report_templates": "name content",
        "task_failures": "task why number",
        "troubles": "kind machine",
        "sign_ins": "token_hash browser offered_secret",
    },
    _PROOF: {
        "bounces": "report why",
        "history": "subject_kind subject what salt removed previous_hash hash",
        "history_checks": "hash why seal",
        "history_end": "hash seal",
        "messages": "uid subject why answer",
        "readings": "program what from_address",
        "removals": "what removed_by counts proof",
        "retentions": "remove_because held_because",
    },
}

STAYS: Mapping[str, str] = {
    f"{table}.{column}": because
    for because, tables in _STAYS.items()
    for table, columns in tables.items()
    for column in (columns.split() if isinstance(columns, str) else columns)
}
"""The columns whose texts stay, each with the reason."""


def texts_of(table: str) -> Sequence[Text]:
    """Return the texts of a table that go with their cycle."""
    return [text for text in OF_A_CYCLE if text.table == table]


def without_texts(table: str, row: Mapping[str, object]) -> dict[str, object]:
    """Return a row of a table, as it was kept elsewhere, without the texts that go."""
    marked = {text.column for text in texts_of(table) if text.how == MARKED}
    return {name: REMOVED if name in marked and value else value for name, value in row.items()}


PRACTICE: Mapping[str, Sequence[str]] = {
    table: columns.split() for table, columns in _STAYS[_PRACTICE].items() if isinstance(columns, str)
}
"""The columns of words about practice, which stay with their cycle and lose what must not be there."""

WHAT_STAYS = (
    "figures, answers, grades and dates",
    "who audited, who was chased and when",
    "findings as they were frozen, and final reports",
    "examples of good work and comments chosen for a report, because someone made them anonymous",
    "recommendations, actions and quick wins",
)
"""The parts of a cycle that no removal touches, as the pages say them."""
