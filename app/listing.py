"""A list in pages: its address with filters, sorting and page, which can be bookmarked, and the page shown.

`templates/list.html` has the parts of all lists: filter, table, pagination, the words of an empty list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, func, inspect, select

from app.database import db

MOST_PAGES = 100_000
"""The highest number of a page: databases cannot skip further."""


@dataclass(frozen=True)
class Address:
    """The address of a list. `args` are its filters, sorting and page; `at` is the page that has it, where a
    form of it is answered at an address of its own."""

    args: dict[str, str]
    at: str = ""

    @classmethod
    def here(cls) -> "Address":
        """Return the address of this request."""
        return cls(request.args.to_dict())

    @property
    def path(self) -> str:
        """Return the address of the whole list, without filters."""
        return self.at or request.path

    @property
    def is_narrowed(self) -> bool:
        """True when there is a filter or a sorting, not a page alone."""
        return any(value for name, value in self.args.items() if name not in ("page", "download"))

    def but(self, **changes: str | int | None) -> str:
        """Return the address with these arguments changed (None: removed), at its first page."""
        args: dict[str, str | int | None] = {**self.args, "page": None, "download": None, **changes}
        filled = {name: value for name, value in args.items() if value not in (None, "")}
        return f"{self.at}?{urlencode(filled)}" if filled else self.path

    def sorted_by(self, column: str) -> str:
        """Return the address sorted by this column, or in reverse order when it is sorted by it already."""
        return self.but(sort=f"-{column}" if self.args.get("sort") == column else column)

    def direction(self, column: str) -> str | None:
        """Return the direction in which the list is sorted by this column, in the words of `aria-sort`."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.args.get("sort", ""))


def length_of(query: Select[*tuple[Any, ...]]) -> int:
    """Return the number of rows of a whole list."""
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def page_number() -> int:
    """Return the number of the page in the address, from 1."""
    return min(max(1, request.args.get("page", 1, int)), MOST_PAGES)


def paged(query: Select[*tuple[Any, ...]], size: int) -> Pagination:
    """Return the page of a query that the address names; past its end, the last page.

    The query selects things, each with other columns or alone.
    """
    return paged_by(partial(_rows, query, size), length_of(query), size)


def _rows(query: Select[*tuple[Any, ...]], size: int, skip: int) -> Sequence[Any]:
    """Return the rows of a page. Their keys are read first, so that nothing is read of what is skipped: a
    page deep in the list then costs what the first does."""
    selected = query.column_descriptions
    [key] = inspect(selected[0]["entity"]).primary_key
    keys = query.with_only_columns(key, maintain_column_froms=True)
    ids = db.session.scalars(keys.offset(skip).limit(size)).all()
    found = db.session.execute(query.where(key.in_(ids)))
    return found.all() if len(selected) > 1 else found.scalars().all()


def paged_by(read: Callable[[int], Sequence[Any]], total: int, size: int) -> Pagination:
    """Return the page that the address names, of a list that is counted and read in its own way.

    `read` takes the number of rows to skip and returns the rows of a page. Past the end, the last page is
    returned.
    """
    number = min(page_number(), -(-total // size) or 1)
    return _ReadPage(number, size, max_per_page=None, error_out=False, read=read, total=total)


class _ReadPage(Pagination):
    def _query_items(self) -> list[Any]:
        return list(self._query_args["read"](self._query_offset))

    def _query_count(self) -> int:
        total: int = self._query_args["total"]
        return total
