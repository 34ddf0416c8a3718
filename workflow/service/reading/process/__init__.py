"""A process as a round runs it."""
