"""The names of the messages of the daily run, which the ladders, the audits and the outbox share. Pure."""

DIGEST, MANAGER, CALLS, WEEKLY, PRACTICE, AUDITED = DAILY = (
    "digest",
    "manager",
    "calls",
    "weekly",
    "practice",
    "audited",
)
"""`audited` tells a worker that a case of theirs is audited, and is the name of its one step as well."""

ASSIGNED = "assigned"
"""The step that tells an auditor of an audit, in their digest or at once in a message of the same name."""
