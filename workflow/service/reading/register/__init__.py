"""The register of what was received and drawn up."""
