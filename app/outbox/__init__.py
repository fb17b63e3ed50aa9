"""The outbox: messages written with the change that causes them, then delivered, once."""
