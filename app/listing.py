"""The address of a list: filters, sorting and pages as they can be bookmarked."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request


@dataclass(frozen=True)
class Address:
    """The address of this list: what is asked for as it can be bookmarked and changed in one place."""

    args: dict[str, str]

    def but(self, **changes: str | int | None) -> str:
        """The same list with something else asked for (None: not asked for), from its first page on."""
        args: dict[str, str | int | None] = {**self.args, "page": None, "download": None, **changes}
        kept = {name: value for name, value in args.items() if value not in (None, "")}
        return "?" + urlencode(kept) if kept else request.path

    def sorted_by(self, column: str) -> str:
        """The same list sorted by this column, or the other way round when it is already."""
        return self.but(sort=f"-{column}" if self.args.get("sort") == column else column)

    def direction(self, column: str) -> str | None:
        """How the list is sorted by this column, in the words of `aria-sort`."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.args.get("sort", ""))
