"""Files of audits and chases: taking them in, whole or not at all."""
