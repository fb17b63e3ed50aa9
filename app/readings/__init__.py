"""The record of reading: who signed in, who was refused, who saw a case number, who took data out."""
