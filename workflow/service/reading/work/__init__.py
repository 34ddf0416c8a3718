"""Mitt arbete: what somebody owes, what waits on others, what is done."""
