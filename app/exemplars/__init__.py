"""Exemplars: good work that auditors nominated, made anonymous, approved, shown to all staff, retired."""
