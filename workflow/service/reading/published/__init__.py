"""Lists for everybody: what would be released, and what has been.

draft     a list in the form in which it is published
preview   what a release would show, for the one who decides about it
released  what has been released, for everybody
"""
