"""The names of the messages of the daily run, which the ladders, the audits and the outbox share. Pure."""

DIGEST, MANAGER, CALLS, WEEKLY, PRACTICE = DAILY = ("digest", "manager", "calls", "weekly", "practice")

ASSIGNED = "assigned"
"""The step that tells an auditor of an audit, in their digest or at once in a message of the same name."""
