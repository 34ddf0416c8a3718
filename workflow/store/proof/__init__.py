"""The proof of the log: its chains, what the tables should hold by it, and what a witness saw.

`verify` is the way in; `replay` plays the entries, part by part.
"""
