"""The tests of the service."""

import os
import sys

# A run has many processes that read the same code: compile it once, whatever the machine says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
