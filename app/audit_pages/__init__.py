"""The pages of one audit: its state, chase log and history, and a small page for each move."""
