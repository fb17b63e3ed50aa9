"""The numbers of a cycle that tells workers: how many were asked, replied, and what that changed. Pure."""

from dataclasses import dataclass

from app.wording import counted, plural


@dataclass(frozen=True)
class ReplyNumbers:
    """The workers of a cycle who were asked for a reply (None where it lets them reply nothing), who replied,
    and the replies after which an answer changed; the talks that are noted; and those asked who have not
    replied and still can (`waiting`)."""

    asked: int | None = None
    replied: int = 0
    changed: int = 0
    talks: int = 0
    waiting: int = 0

    @property
    def in_words(self) -> str | None:
        """Return the numbers in sentences; None where there is nothing to say.

        They are counts over the whole cycle, so none is hidden.
        """
        return " ".join(filter(None, [self._replies, self._talks])) or None

    @property
    def _replies(self) -> str | None:
        if self.asked is None:
            return None
        if not self.asked:
            return "No worker was asked for a reply."
        asked = f"{counted(self.asked, 'worker')} {plural(self.asked, 'was', 'were')} asked for a reply"
        if not self.replied:
            none = "" if self.waiting == self.asked else "none replied"
            return f"{asked}; {' and '.join(filter(None, [none, self._waiting]))}."
        changed = f"{counted(self.changed, 'reply', 'replies')} changed an answer"
        return (
            f"{asked}; {' and '.join(filter(None, [f'{self.replied:,} replied', self._waiting]))}. "
            f"{changed if self.changed else 'No reply changed an answer'}."
        )

    @property
    def _waiting(self) -> str:
        return f"{self.waiting:,} can still reply" if self.waiting else ""

    @property
    def _talks(self) -> str | None:
        if not self.talks:
            return None
        return f"{counted(self.talks, 'talk')} with workers {plural(self.talks, 'is', 'are')} noted."
