"""The page of one table: its rows as forms, and what comes from spreadsheets.

layout   which columns stand side by side
rows     one row as it was typed, and the wish it stands for
sheets   a table as a spreadsheet, and its rows
taking   what was pasted or uploaded: read, compared, and made into one wish
"""
