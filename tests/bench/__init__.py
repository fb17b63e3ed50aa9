"""Benchmarks: `make bench` measures the service on many audits and prints one table. They assert nothing."""
