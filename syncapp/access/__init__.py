"""Who gets in first: setup codes, the claim, and the delay for those who guess."""
