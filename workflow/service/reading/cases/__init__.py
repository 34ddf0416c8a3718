"""A case as somebody sees it, part by part."""
