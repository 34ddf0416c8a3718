"""What did not go: its page, its words, what was typed, and what the log is told."""
