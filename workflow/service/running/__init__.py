"""Verbs of whoever runs the installation: health, proof, disposal, upgrades."""
