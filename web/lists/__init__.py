"""One list in an order, as somebody looks at it: which rows, cut where."""
