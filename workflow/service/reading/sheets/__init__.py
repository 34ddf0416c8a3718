"""A table of a case on a page of its own.

opened   a sheet that somebody may read, and whether they fill it in
table    a page of its rows, or one of them
dropped  rows that somebody took away, to be put back
whole    all of a sheet, for a file
previous the rows of the round before, to begin from
"""
