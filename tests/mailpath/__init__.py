"""Reminders through a real Postfix to a real Dovecot, and a bounce back: `make mailpath`."""
