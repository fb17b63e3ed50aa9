"""The command `practice-audits`."""

import sys

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Practice Audits: request audits of case files, chase what has not come back, tell what was found."""


if __name__ == "__main__":
    sys.exit(main())
