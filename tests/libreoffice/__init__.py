"""Templates edited in LibreOffice itself: slow, and so apart from the suite."""
