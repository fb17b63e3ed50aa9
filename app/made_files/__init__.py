"""Files that are too large to be made while a person waits: a worker makes them, and a page offers them."""
