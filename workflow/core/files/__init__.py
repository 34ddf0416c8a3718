"""What may be attached to a case, decided by its bytes and never by what it is called.

`acceptance` is the way in; `kinds` knows the kinds, `office` looks into documents that
are archives, `archives` and `pictures` read no more than they must, `names` makes names
plain, and `unfit` has the words for what is turned down.
"""
