"""The pages of cycles: the list, one cycle, the programme."""
