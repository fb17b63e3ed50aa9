"""Long work that a worker does for a person: importing a file that was sent in, making one to download."""
