"""The due days of one person in their own calendar, by a private address that can be revoked."""
