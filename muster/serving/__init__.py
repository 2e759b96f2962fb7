"""`muster serve`: MC systems that stand still, for a vendor to play against; no verdicts."""
