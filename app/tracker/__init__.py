"""The tracker: the pages of recommendations, actions and quick wins."""
