"""`/health`: whether the service is alive, with no data in it."""

from flask import Blueprint

health = Blueprint("health", __name__, url_prefix="")


@health.get("/health", endpoint="health")
def tell() -> tuple[dict[str, str], int]:
    """Status 200 with "ok", or 503 with what is wrong."""
    return {"status": "ok"}, 200
