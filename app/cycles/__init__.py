"""Cycles: one time-boxed run of audits on one theme."""
