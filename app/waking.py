"""Work that background workers do as soon as a change is kept, not only at their next look.

On PostgreSQL a task is put into the queue in the transaction of the change: it is there if the change is, and
not otherwise. On SQLite the one scheduler looks every few seconds, so nothing is needed.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from app.database import afterwards, db

if TYPE_CHECKING:
    import procrastinate

DELIVERY = "delivery"
IMPORTS = "imports"
FILES = "files"


def wake(job: str) -> None:
    """Let a worker do this job once the transaction is kept. In a transaction of the caller."""
    session = db.session
    if session.get_bind().dialect.name != "postgresql" or not afterwards(f"wake {job}", _nothing):
        return
    driver: Any = session.connection().connection.driver_connection
    _queue().configure_task(job, lock=job, connection=driver).defer()


@cache
def _queue() -> "procrastinate.App":
    """Return the queue to put tasks into; it never opens a connection of its own."""
    # here, because it takes memory and time that a service on SQLite does not need
    import procrastinate

    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def _nothing() -> None:
    pass
