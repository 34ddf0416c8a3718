import tests.walk.test_walk as w, collections
C=collections.Counter(); S=collections.Counter()
orig=w.Walk.teardown
def td(self):
    for wish,_ in self.requests: C[wish.transition]+=1
    S[self.model.cards[w.ROOT].state]+=1; S["n"]+=1; S["acts"]+=len(self.requests)
    for c in self.model.cards.values(): S[c.kind+":"+c.state]+=1
    orig(self)
w.Walk.teardown=td
from tests.walk.test_walk import *
def test_zz(): 
    print(C); print(S)
