"""Verbs about people: places, grants, substitutes, addresses, the organisation."""
