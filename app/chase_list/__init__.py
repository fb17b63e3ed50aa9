"""The chase list: the audits that have not come back, whom each waits for, and chasing several at once."""
