"""Kaia under load while processes, stores and networks break; a ledger says what became of it.

`make test-faults` runs it as tests, `python -m tests.faults` for as long as one likes.
"""
