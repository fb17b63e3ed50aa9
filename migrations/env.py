"""Alembic's environment. It uses the connection that it is given, else that of the installation, as in
`alembic -c migrations/alembic.ini revision --autogenerate --rev-id 0008 -m "What changes"`."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from app import create_app
from app.actions import models as actions  # noqa: F401  its tables belong to the schema too
from app.answers import models as answers  # noqa: F401
from app.api import models as api  # noqa: F401
from app.calendar import models as calendar  # noqa: F401
from app.concerns import models as concerns  # noqa: F401
from app.database import Moment, db
from app.exemplars import models as exemplars  # noqa: F401
from app.findings import models as findings  # noqa: F401
from app.moves import models as moves  # noqa: F401
from app.news import models as news  # noqa: F401
from app.quick_wins import models as quick_wins  # noqa: F401
from app.reports import models as reports  # noqa: F401


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Render a `Moment` as a plain column type: migrations must not depend on the application's classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        transactional_ddl=True,
        render_item=render_item,
    )
    context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    with create_app().app_context(), db.engine.execution_options(writing=True).begin() as own:
        run(own)
