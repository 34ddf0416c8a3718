"""What pages say in words: days and amounts, the head of a round, processes, links."""
