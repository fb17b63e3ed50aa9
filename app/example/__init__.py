"""The example: the first cycle as the council had it, and a live second cycle around today."""
