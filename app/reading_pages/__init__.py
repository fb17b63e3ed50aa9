"""The pages of the record of reading: all of it, and who has seen the case number of one audit."""
