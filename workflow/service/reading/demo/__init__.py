"""What a demo shows of its invented people."""
