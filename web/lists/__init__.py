"""One list in an order: as a paper and for others to take on, and its balance as a picture."""
