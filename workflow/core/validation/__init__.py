"""What a definition must keep before it runs: every mistake with its place, and what to do.

`validate.check_data` is the way in; each other module looks at one part of it.
"""
