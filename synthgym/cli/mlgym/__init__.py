"""Commands for MLGym."""
