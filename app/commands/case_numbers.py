"""`practice-audits case-number-key …`: the key that case numbers are encrypted with."""

import click

from app.case_keys.ring import ring
from app.case_keys.rotating import rotate as replace_key
from app.commands.running import service
from app.wording import counted


@click.group()
def case_number_key() -> None:
    """Replace the key that case numbers are encrypted with.

    \b
    Example:
      practice-audits case-number-key rotate
    """


@case_number_key.command()
def rotate() -> None:
    """Encrypt all case numbers with a new key, while the service runs.

    The new key is made and kept in the file case_number_key in INSTANCE_PATH. If you set CASE_NUMBER_KEY
    instead, first set it to a new key, a space and the present key, and start the service again on all
    machines. If the command is stopped, run it again.

    \b
    Example:
      practice-audits case-number-key rotate
    """
    with service():
        rotated = replace_key()
        click.echo(f"All case numbers have the new key. {counted(rotated.values, 'value')} encrypted again.")
        if ring().is_set:
            click.echo(
                "Set CASE_NUMBER_KEY to the new key alone, then start the service again on all machines. "
                "Keep the old key with your copies of keys: backups that you took until now need it."
            )
        elif rotated.before is not None:
            click.echo(f"The new key is in {ring().file}. Keep a copy of it, apart from the backups.")
            click.echo(
                f"The old key is in {rotated.before}. Backups that you took until now need it. Move it to "
                "where you keep your copies of keys."
            )
