"""The tests of the service."""

import os
import sys

# A run has many processes that read the same code: compile it once, also where the environment says not to.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
