"""A file of many people, each group of eight with a line manager among them."""

from pathlib import Path

HEADING = "email,name,job_title,team,line_manager_email,roles,telephone,leaving_on,trained_on"


def write_staff(file: Path, people: int) -> None:
    """Write a staff file of so many people in 40 teams."""
    managers = ["", *(f"p{n // 8}@council.example" for n in range(1, people))]
    rows = [
        f"p{n}@council.example,Person {n},Worker,Team {n % 40},{manager},auditor,,,"
        for n, manager in enumerate(managers)
    ]
    file.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
