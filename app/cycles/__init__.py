"""Cycles: time-boxed runs of audits, each on one theme."""
