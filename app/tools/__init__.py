"""Audit tools: questions and scales, in versions that never change once published."""
