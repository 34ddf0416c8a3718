"""Lists that are compiled and put in an order: as somebody reads them.

listing     a list, its columns and rows, and reading it
columns     the columns that are shown, and cells as values
provenance  where each row comes from, and where it lies there
moves       who has moved what, when and why, by the log
balance     what the rows above a line come to, kind by kind
"""
