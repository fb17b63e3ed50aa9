"""The words of the council itself on the page about privacy."""
