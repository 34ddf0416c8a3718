"""What people take with them and bring back: spreadsheets, papers, open data."""
