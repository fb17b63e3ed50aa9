"""The pages of settings: closure days, and the lists that a council keeps itself."""
