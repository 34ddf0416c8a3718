"""Papers made out of plain values: PDF, workbook, open data. Same values, same bytes."""
