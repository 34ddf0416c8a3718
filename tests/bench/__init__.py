"""Measurements against floors, in the same run: `make bench`, never timed tests."""
