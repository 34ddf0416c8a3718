"""Pictures: where things stand in them, for the templates to draw."""
