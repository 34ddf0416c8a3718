"""Rehearsals: an invented organisation, a year that is played, the demo and its clock."""
