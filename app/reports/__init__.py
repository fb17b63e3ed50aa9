"""Reports: the paper for senior managers and those made from the same data, for other readers."""
