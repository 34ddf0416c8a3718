"""How it goes with a round, for reports and meetings: read as values, told in sentences."""
