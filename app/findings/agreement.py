"""The agreement between the auditors and the moderator of a cycle, in words. Pure."""

from dataclasses import dataclass

from app.wording import counted


def grades_changed(audits: int) -> str:
    """Return in how many audits the moderator changed a grade, as a sentence."""
    if not audits:
        return "No grades were changed."
    return f"A grade was changed in {counted(audits, 'audit')}."


@dataclass(frozen=True)
class Agreement:
    """The agreement between people, in numbers of returned audits that count.

    `confirmed` by the second auditor, who `differed` in some of them; `moderated`, and `changed` by the
    moderator. Of audits that a file brings nobody knows what was not done: only those `returned_here`, in the
    product, can be `unconfirmed`, or lack a moderation or a nomination. Of those `confirmed_here`, in the
    product, the second auditor could say where they differ.
    """

    confirmed: int = 0
    differed: int = 0
    moderated: int = 0
    changed: int = 0
    unconfirmed: int = 0
    confirmed_here: int = 0
    returned_here: int = 0

    @property
    def confirmed_in_words(self) -> str | None:
        """Return how many audits the second auditor confirmed, as a sentence; None where none could be."""
        asked = self.confirmed + self.unconfirmed
        if not asked:
            return None
        if not self.confirmed:
            if asked == 1:
                return "The audit returned in this service has not been confirmed by the second auditor."
            return (
                f"None of the {asked:,} audits returned in this service has been confirmed by the "
                "second auditor."
            )
        of = f"{self.confirmed:,} of {counted(asked, 'audit')}"
        if not self.unconfirmed:
            of = counted(self.confirmed, "audit")
        differed = ""
        if self.differed:
            differed = f" and disagreed with something in {counted(self.differed, 'audit')}"
        elif self.confirmed_here == self.confirmed:
            differed = " and did not disagree in any of them"
        return f"The second auditor confirmed {of}{differed}."
