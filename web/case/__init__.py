"""The page of a case: put together, filled in, and shown anew when something was wrong."""
