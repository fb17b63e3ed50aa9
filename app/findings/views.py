"""`/cycles/REF/findings`: what a cycle found, and what that can and cannot say."""

from app.findings.blueprint import findings

__all__ = ["findings"]
