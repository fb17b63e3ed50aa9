"""Free text that says who a child is: a name, a date of birth, an NHS number, a case number."""
