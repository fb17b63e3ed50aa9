"""The bodies that decide: their members, their meetings, and their decisions."""
