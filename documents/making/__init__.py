"""From a list that somebody reads to a paper: what a worker makes, and what a page sends."""
