"""Two of anything -> numbers: pure functions."""
