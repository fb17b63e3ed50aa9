"""The service as a person sees and uses it in a real browser."""
