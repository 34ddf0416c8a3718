"""A round as somebody sees it: its steps, its plan, what it waits for, its matrix."""
