"""An installation as the benchmarks see it, without loading the service, which would take memory."""

COORDINATOR = "coordinator1@council.example"
PASSWORD = "correct horse battery staple"


def environment(folder: str, **more: str) -> dict[str, str]:
    """The environment of an installation in that folder, with nothing taken from this machine's settings."""
    return {"INSTANCE_PATH": folder, "SECRET_KEY": "the secret key of a benchmark, long enough", **more}
