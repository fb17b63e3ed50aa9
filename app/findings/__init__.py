"""Findings: what the answers of a cycle can say, and what they cannot."""
