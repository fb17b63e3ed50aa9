"""Emails that come back: the mailbox that they come to, what they say, and what follows."""
