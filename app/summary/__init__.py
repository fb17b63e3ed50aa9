"""The summary of all cycles that were reported in a period."""
