"""The append-only record of who did what, when and why, chained so that tampering is found."""
