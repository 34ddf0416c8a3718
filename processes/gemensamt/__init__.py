"""What several processes use: files to read in, and the functions that they name."""
