"""A list in pages: its address with filters, sorting and page as it can be bookmarked, and the page shown.

`templates/list.html` has what every list shows: filter, table, ways to the pages beside it, empty list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select

from app.database import db

MOST_PAGES = 100_000
"""A later page is none: no database counts further."""


@dataclass(frozen=True)
class Address:
    """The address of a list, to be changed in one place. `args` are its filters, sorting and page."""

    args: dict[str, str]

    @classmethod
    def here(cls) -> "Address":
        """Return the address of this request."""
        return cls(request.args.to_dict())

    @property
    def path(self) -> str:
        """The whole list, with nothing asked for."""
        return request.path

    @property
    def is_narrowed(self) -> bool:
        """True when something is asked for, besides a page."""
        return any(value for name, value in self.args.items() if name not in ("page", "download"))

    def but(self, **changes: str | int | None) -> str:
        """Return the same list with something else asked for (None: nothing), from its first page on."""
        args: dict[str, str | int | None] = {**self.args, "page": None, "download": None, **changes}
        kept = {name: value for name, value in args.items() if value not in (None, "")}
        return "?" + urlencode(kept) if kept else request.path

    def sorted_by(self, column: str) -> str:
        """Return the same list sorted by this column, or the other way round when it is already."""
        return self.but(sort=f"-{column}" if self.args.get("sort") == column else column)

    def direction(self, column: str) -> str | None:
        """Return how the list is sorted by this column, in the words of `aria-sort`."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.args.get("sort", ""))


def page_number() -> int:
    """Return the number of the page that the address asks for, from 1."""
    return min(max(1, request.args.get("page", 1, int)), MOST_PAGES)


def paged(query: Select[Any], size: int) -> Pagination:
    """Return the page of a plain list that the address asks for; past its end, the last page."""

    def page(number: int) -> Pagination:
        return db.paginate(query, page=number, per_page=size, max_per_page=None, error_out=False)

    asked = page(page_number())
    return page(asked.pages) if asked.total and not asked.items else asked


def paged_by(read: Callable[[int], Sequence[Any]], total: int, size: int) -> Pagination:
    """Return the page that the address asks for of a list that is counted and read in its own way.

    `read` gives the rows of a page after so many others; past the end, the last page is shown.
    """
    number = min(page_number(), -(-total // size) or 1)
    return _ReadPage(number, size, max_per_page=None, error_out=False, read=read, total=total)


class _ReadPage(Pagination):
    def _query_items(self) -> list[Any]:
        return list(self._query_args["read"](self._query_offset))

    def _query_count(self) -> int:
        total: int = self._query_args["total"]
        return total
