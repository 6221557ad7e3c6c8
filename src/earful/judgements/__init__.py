"""What posts are judged to be: kept after they came in, corrected by agents, learnt from."""
