"""Who somebody is.

sessions     who is signed in, from begin to end
local        signing in with a password, with `delays` between failures
passwords    written, compared and chosen
codes        the second factor
accounts     made, renewed and taken away by the operator
own_account  somebody's own password, second factor and wishes
handshakes   signing in with the region's own sign-in, and whom its answer is about
paths        where a browser may be sent on to
"""
