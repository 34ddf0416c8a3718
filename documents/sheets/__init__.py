"""Tables as spreadsheets: filled in by people, and read back with a place for each fault.

    form      a table as a spreadsheet sees it; its rows
    workbook  a form and its rows as xlsx; `guide` is the sheet that explains, `stamp` the hidden
              one by which a template is known again
    text      the same as CSV, and CSV read; `harmless` keeps text from being computed
    upload    a file as a grid of cells; `excel` and `open_document` read their kinds, with
              `markup`, `looks` and `picking`
    paste     the same from a clipboard
    grid      those cells, faults, and the limits
    mapping   which column of a grid is which, proposed; `notes` tells of it
    cells     a grid as rows, or a list of faults; `values`, `numerals`, `dates` and `levels`
    fixed     which of the fixed rows of a table each row that was read is
    changes   what rows that were read change in those that are there
    words     what is said of a file as a whole

Bytes and plain values in and out. Nothing here is saved; a person confirms `changes` first.
"""
