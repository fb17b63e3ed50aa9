"""The worker whose case is audited: what they are told, their reply, and the talk about it."""
