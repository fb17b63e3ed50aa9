"""The clock that makes the daily run and the delivery happen, and tells whether it is alive."""
