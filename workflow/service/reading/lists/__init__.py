"""Lists that are compiled and put in an order: as somebody reads them.

listing     a list, its columns and rows, and reading it
columns     the columns that are shown, and cells as values
provenance  where each row comes from, and where it lies there
moves       who has moved what, when and why, by the log
balance     what the rows above a line come to, kind by kind
copies       tables of which each fills in a copy of their own, opened for one reader
assessments  one's own copy, and once the step is behind all of them
results      the spread of each thing, and everybody's value
conflicts    who takes no part in what becomes of which row
"""
