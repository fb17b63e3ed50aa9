"""A person's own account, and the access of others: passwords, second factors, sessions, switching off."""
