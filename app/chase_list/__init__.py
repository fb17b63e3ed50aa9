"""The chase list: which audits have not come back, whom each waits for, and chasing several at once."""
