"""The read-only interface for other programs, such as Power BI: cycles, figures, audits, actions."""
