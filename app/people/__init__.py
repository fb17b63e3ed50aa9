"""People: who they are, their teams, roles and leave, how they sign in."""
